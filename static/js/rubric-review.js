/* Saves what is put right without leaving the page: the answer is the page as it is now, which
   takes this one's place; what is typed elsewhere and not saved yet is filled in again. */
(() => {
  const saving = document.getElementById("saving");
  const drafts = window.rubricDrafts;
  const pieces = window.rubricPieces;
  let busy = false;

  const say = (word, tone = "") => {
    saving.textContent = word;
    saving.className = `saving ${tone}`;
  };

  const restore = async () => {
    const ids = drafts.restore();
    for (const id of ids.filter((each) => !document.getElementById(each))) {
      const key = id.replace(/^f-/, "");
      if (document.getElementById(`i-${key}`)) await pieces.openItem(key);
    }
    if (ids.some((id) => id.startsWith("f-"))) drafts.restore();
    return ids.length;
  };

  const opened = () => new Map([...document.querySelectorAll("#review-page details[id]")]
    .map((details) => [details.id, details.open]));

  /* The new page in the place of the old one, opened and scrolled as it was. */
  const swap = async (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("review-page");
    if (!fresh) return false;
    const [was, top] = [opened(), window.scrollY];
    const sheet = document.querySelector(".xl-wrap").scrollTop;
    document.getElementById("review-page").replaceWith(fresh);
    fresh.querySelectorAll("details[id]").forEach((details) => {
      if (was.get(details.id)) details.open = true;
    });
    pieces.announce(fresh);
    window.scrollTo(0, top);
    document.querySelector(".xl-wrap").scrollTop = sheet;
    await restore();
    return true;
  };

  /* Signing in again in another window changes it. */
  const token = () => document.cookie.split("; ")
    .find((pair) => pair.startsWith("csrftoken="))?.slice("csrftoken=".length) || "";

  const save = async (form, button) => {
    const body = new FormData(form);
    if (token()) body.set("csrfmiddlewaretoken", token());
    if (button?.name) body.append(button.name, button.value);
    say(saving.dataset.saving);
    const answer = await fetch(form.getAttribute("action") || window.location.href, { method: "POST", body })
      .catch(() => null);
    if (!answer || answer.status >= 500) return say(saving.dataset.lost, "text-warn");
    if (answer.redirected && new URL(answer.url).pathname.includes("/login")) {
      return say(saving.dataset.login, "text-warn");
    }
    drafts.drop(form);
    if (!await swap(await answer.text())) return window.location.assign(answer.url);
    const again = document.getElementById(form.id);
    if (!answer.ok && again?.dataset.draft !== undefined) drafts.keep(again);
    const row = form.elements.row?.value;
    if (row) document.querySelector(`#i-${row} > summary`)?.focus({ preventScroll: answer.ok });
    if (!answer.ok) document.querySelector("#review-page .is-invalid, #review-page [role=alert]")?.scrollIntoView({ block: "center" });
    return say(answer.ok ? saving.dataset.saved : saving.dataset.refused, answer.ok ? "is-saved" : "text-warn");
  };

  const send = (form, button) => {
    if (busy) return;
    busy = true;
    save(form, button).finally(() => {
      busy = false;
    });
  };

  document.addEventListener("submit", (event) => {
    if (event.target.dataset.inline === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(event.target, event.submitter);
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target.dataset.submit !== undefined) send(event.target.form);
  });

  restore().then((count) => count && say(saving.dataset.restored));
})();
