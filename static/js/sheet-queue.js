/* Entries on their way, one after another.

   Listens on #sheet for "entry" (an op: id, fields, photo, label), "retry" and "drop" (a key).
   Tells #sheet "queue" (how things stand), "sent" (op, html), "refused" (op) and, when the page
   opens with entries left from before, "waiting" (op). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;
  const entries = window.delivery.store(root.dataset.keep);
  let sending = false;
  let signedOut = false;

  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));
  const put = (op) => entries.put(op.key, op);
  const all = () => [...entries.all().values()].sort((a, b) => (a.key < b.key ? -1 : 1));

  /* Keys sort in the order of entry, whatever the clock does. Each entry has a key of its own, so
     two pages of one sheet never overwrite what the other keeps. */
  function nextKey(id) {
    const last = all().at(-1)?.key.split("-")[0] ?? "0";
    return `${String(Math.max(Date.now(), Number(last) + 1)).padStart(15, "0")}-${id}`;
  }

  function report() {
    const ops = all();
    const refused = ops.filter((op) => op.refused);
    tell("queue", { waiting: ops.length - refused.length, refused: refused.length, ops,
      fragile: entries.fragile(), sending, signedOut });
  }

  function bytesOf(dataUrl) {
    const text = atob(dataUrl.split(",")[1]);
    return Uint8Array.from(text, (char) => char.charCodeAt(0));
  }

  function bodyOf(op) {
    if (!op.photo) return new URLSearchParams(op.fields);
    const body = new FormData();
    Object.entries(op.fields).forEach(([name, value]) => body.append(name, value));
    body.append("photos", new Blob([bytesOf(op.photo.data)], { type: op.photo.type }), op.photo.name);
    return body;
  }

  async function send() {
    const op = all().find((each) => !each.refused);
    if (sending || !op) return report();
    pace.halt();
    sending = true;
    report();
    const outcome = await window.delivery.send(root.dataset.entry, bodyOf(op), { patience: 60_000 });
    sending = false;
    signedOut = Boolean(outcome.signedOut);
    settle(op, outcome);
  }

  function settle(op, { status, answer }) {
    if (!answer) {
      pace.failed();
      return report();
    }
    pace.worked();
    if (status >= 400) {
      op.refused = answer.error;
      put(op);
      tell("refused", { op });
    } else {
      entries.drop(op.key);
      tell("sent", { op, html: answer.html });
    }
    return send();
  }

  const pace = window.delivery.pacing(send, 30_000);

  root.addEventListener("entry", ({ detail }) => {
    put({ ...detail, key: nextKey(detail.id) });
    send();
  });
  root.addEventListener("retry", ({ detail }) => {
    const op = all().find((each) => each.key === detail.key);
    if (op) put({ ...op, refused: "" });
    send();
  });
  root.addEventListener("drop", ({ detail }) => {
    entries.drop(detail.key);
    report();
  });
  document.addEventListener("DOMContentLoaded", () => {
    all().forEach((op) => tell("waiting", { op }));
    pace.now();
  });
})();
