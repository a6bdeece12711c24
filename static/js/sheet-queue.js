/* Entries on their way: kept on this device until the server has them, sent one after another.

   Listens on #sheet for "entry" (an op: id, fields, photo, label), "retry" and "drop" (a key).
   Tells #sheet "queue" (how things stand), "sent" (op, html), "refused" (op) and, when the page
   opens with entries left from before, "waiting" (op). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;
  const prefix = root.dataset.keep;
  const LONGEST_WAIT = 30_000;
  /* What the device would not store: only this page has it. */
  const loose = new Map();
  let sending = false;
  let signedOut = false;
  let pause = 1000;
  let timer = 0;

  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));

  function put(op) {
    try {
      localStorage.setItem(prefix + op.key, JSON.stringify(op));
      loose.delete(op.key);
    } catch {
      loose.set(op.key, op);
    }
  }

  function drop(key) {
    loose.delete(key);
    try {
      localStorage.removeItem(prefix + key);
    } catch { /* a browser that stores nothing has nothing to remove */ }
  }

  function storedKeys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;  /* half written, by a browser that was killed: nothing that could be sent */
    }
  }

  function all() {
    const stored = storedKeys().map(read).filter(Boolean);
    return [...stored, ...loose.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

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
      fragile: loose.size, sending, signedOut });
  }

  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";

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

  /* What became of an entry: {html}, {refused: sentence}, {signedOut} or {later}. A page instead
     of an answer (a proxy's error, a token that has changed) is no verdict on the entry. */
  async function post(op) {
    const response = await fetch(root.dataset.entry, {
      method: "POST", body: bodyOf(op), redirect: "manual", signal: AbortSignal.timeout(60_000),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (response.type === "opaqueredirect") return { signedOut: true };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { later: true };
    const answer = await response.json();
    return response.ok ? { html: answer.html } : { refused: answer.error };
  }

  async function send() {
    const op = all().find((each) => !each.refused);
    if (sending || !op) return report();
    clearTimeout(timer);
    sending = true;
    report();
    const outcome = await post(op).catch(() => ({ later: true }));
    sending = false;
    signedOut = Boolean(outcome.signedOut);
    settle(op, outcome);
  }

  function settle(op, outcome) {
    if (outcome.later || outcome.signedOut) {
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, LONGEST_WAIT);
      return report();
    }
    pause = 1000;
    if (outcome.refused) {
      op.refused = outcome.refused;
      put(op);
      tell("refused", { op });
    } else {
      drop(op.key);
      tell("sent", { op, html: outcome.html });
    }
    return send();
  }

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
    drop(detail.key);
    report();
  });

  const now = () => {
    pause = 1000;
    send();
  };
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
  window.addEventListener("beforeunload", (event) => loose.size && event.preventDefault());
  document.addEventListener("DOMContentLoaded", () => {
    all().forEach((op) => tell("waiting", { op }));
    now();
  });
})();
