/* Sends what is to be saved, one after the other, until the server has answered. */
window.planSending = (() => {
  const page = document.getElementById("plan").dataset;
  const place = document.getElementById("saving");
  const PATIENCE = { first: 2000, last: 30000, signedOut: 15000 }; // milliseconds
  let queue = Promise.resolve();
  let wake = () => {};

  const words = place.querySelector("[data-words]");
  const say = (text, tone = "muted") => {
    words.textContent = text;
    place.className = `small ${tone}`;
  };

  const askToSignIn = () => {
    const link = document.createElement("a");
    link.href = page.login;
    link.textContent = place.dataset.loginWord;
    say(`${place.dataset.login} `, "text-warn");
    words.append(link);
  };

  const cookie = (name) => document.cookie.split("; ")
    .find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) || "";

  const pause = (time) => new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, time);
  });

  const post = async (body) => {
    const answer = await fetch(page.url, {
      method: "POST", body, redirect: "manual", keepalive: true,
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (answer.type === "opaqueredirect") return "signed out";
    if (answer.status >= 500) return "down";
    if (answer.headers.get("Content-Type") !== "application/json") return "refused";
    const said = await answer.json();
    window.whileLeaving.saved();
    return said;
  };

  /* Resolves to the answer, to null when there is nothing to send (any more), and to
     undefined when the server will never take it. */
  const deliver = async (makeBody) => {
    for (let wait = PATIENCE.first; ; wait = Math.min(wait * 2, PATIENCE.last)) {
      const body = makeBody();
      if (!body) return null;
      say(place.dataset.saving);
      const answer = await post(body).catch(() => "down");
      if (answer === "refused") {
        say(place.dataset.refused, "text-warn");
        return undefined;
      }
      if (typeof answer === "object") return answer;
      if (answer === "signed out") askToSignIn();
      else say(place.dataset.retry, "text-warn");
      await pause(answer === "signed out" ? PATIENCE.signedOut : wait);
    }
  };

  ["online", "focus"].forEach((event) => window.addEventListener(event, () => wake()));

  return {
    say,
    send(makeBody) {
      const answer = queue.then(() => deliver(makeBody));
      queue = answer.catch(() => {});
      return answer;
    },
    /* The head, the bar with what is missing, and so on, as they stand after a save. */
    show(answer) {
      Object.entries(answer.parts).forEach(([name, html]) => {
        const part = document.querySelector(`[data-part="${name}"]`);
        if (part) part.outerHTML = html;
      });
      document.dispatchEvent(new CustomEvent("plan:shown"));
      if (answer.refused || answer.note) say(answer.refused || answer.note, "text-warn");
      else say(answer.status, "muted is-saved");
    },
  };
})();
