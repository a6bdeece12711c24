/* Answers on their way: kept on this device until the server has them. What counts of a question
   is the last tap, so each has one place; two pages of one paper share it.

   Listens on #sit for "tap" (position, places) and "sync". Tells #sit "queue" (how things stand),
   "standing" (what the server has chosen, seconds left) and "over". */
(() => {
  "use strict";
  const root = document.getElementById("sit");
  const prefix = root.dataset.store;
  const REST = 250;
  const LONGEST_WAIT = 15_000;
  /* What the device would not store: only this page has it. */
  const loose = new Map();
  let sending = false;
  let signedOut = false;
  let wanted = false;
  let pause = 1000;
  let timer = 0;

  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));
  const attempt = (action, otherwise = null) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  function put(position, tap) {
    loose.set(position, tap);
    attempt(() => {
      localStorage.setItem(prefix + position, JSON.stringify(tap));
      loose.delete(position);
    });
  }

  function read() {
    const stored = attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)), []);
    const taps = stored.map((key) => [key.slice(prefix.length), attempt(() => JSON.parse(localStorage.getItem(key)))]);
    return new Map([...taps.filter(([, tap]) => tap), ...loose]);
  }

  /* What was tapped again meanwhile stays. */
  function drop(position, tap) {
    const now = read().get(position);
    if (now && now.at !== tap.at) return;
    loose.delete(position);
    attempt(() => localStorage.removeItem(prefix + position));
  }

  const report = () => tell("queue", { waiting: [...read().keys()], fragile: loose.size, sending, signedOut });
  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";

  /* {chosen, left}, {error, over}, {signedOut} or {later}: a proxy's error is no verdict. */
  async function post(taps) {
    const body = new URLSearchParams();
    taps.forEach((tap, position) => body.append("tap", `${position}:${tap.places.join(",")}:${Math.max(Date.now() - tap.at, 0)}`));
    const response = await fetch(root.action, {
      method: "POST", body, redirect: "manual", keepalive: true, signal: AbortSignal.timeout(20_000),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (response.type === "opaqueredirect") return { signedOut: true };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { later: true };
    return response.json();
  }

  async function send() {
    clearTimeout(timer);
    if (sending) {
      wanted = true;
      return;
    }
    sending = true;
    wanted = false;
    report();
    const taps = read();
    const outcome = await post(taps).catch(() => ({ later: true }));
    sending = false;
    signedOut = Boolean(outcome.signedOut);
    settle(taps, outcome);
  }

  function settle(taps, outcome) {
    if (outcome.later || outcome.signedOut) {
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, LONGEST_WAIT);
      return report();
    }
    pause = 1000;
    taps.forEach((tap, position) => drop(position, tap));
    report();
    if (outcome.over) return tell("over", outcome);
    if (outcome.chosen) tell("standing", outcome);
    return wanted || read().size ? send() : undefined;
  }

  root.addEventListener("tap", ({ detail }) => {
    put(detail.position, { places: detail.places, at: Date.now() });
    report();
    clearTimeout(timer);
    timer = setTimeout(send, REST);
  });
  root.addEventListener("sync", send);
  const now = () => {
    pause = 1000;
    send();
  };
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
  window.addEventListener("beforeunload", (event) => loose.size && event.preventDefault());
  document.addEventListener("DOMContentLoaded", () => {
    tell("left-over", read());
    now();
  });
})();
