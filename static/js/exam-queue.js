/* Answers on their way. What counts of a question is the last tap, so each has one place; two
   pages of one paper share it.

   Listens on #sit for "tap" (position, places) and "sync". Tells #sit "queue" (how things stand),
   "standing" (what the server has chosen, seconds left) and "over". */
(() => {
  "use strict";
  const root = document.getElementById("sit");
  const taps = window.delivery.store(root.dataset.store);
  const REST = 250;
  let sending = false;
  let signedOut = false;
  let wanted = false;

  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));
  const report = () => tell("queue", { waiting: [...taps.all().keys()], fragile: taps.fragile(), sending, signedOut });

  /* What was tapped again meanwhile stays. */
  function drop(position, tap) {
    const now = taps.all().get(position);
    if (!now || now.at === tap.at) taps.drop(position);
  }

  /* {chosen, left} or {error, over} is the server's answer. */
  function post(sent) {
    const body = new URLSearchParams();
    sent.forEach((tap, position) => body.append("tap", `${position}:${tap.places.join(",")}:${Math.max(Date.now() - tap.at, 0)}`));
    return window.delivery.send(root.action, body, { patience: 20_000, keepalive: true });
  }

  async function send() {
    pace.halt();
    if (sending) {
      wanted = true;
      return;
    }
    sending = true;
    wanted = false;
    report();
    const sent = taps.all();
    const outcome = await post(sent);
    sending = false;
    signedOut = Boolean(outcome.signedOut);
    settle(sent, outcome);
  }

  function settle(sent, { answer }) {
    if (!answer) {
      pace.failed();
      return report();
    }
    pace.worked();
    sent.forEach((tap, position) => drop(position, tap));
    report();
    if (answer.over) return tell("over", answer);
    if (answer.chosen) tell("standing", answer);
    return wanted || taps.all().size ? send() : undefined;
  }

  const pace = window.delivery.pacing(send, 15_000);

  root.addEventListener("tap", ({ detail }) => {
    taps.put(detail.position, { places: detail.places, at: Date.now() });
    report();
    pace.after(REST);
  });
  root.addEventListener("sync", send);
  document.addEventListener("DOMContentLoaded", () => {
    tell("left-over", taps.all());
    pace.now();
  });
})();
