/* What is on its way to the server: kept on this device until it is there, sent again until it
   arrives. The queues of sheets, papers and results share it. */
window.delivery = (() => {
  "use strict";
  const attempt = (action, otherwise = null) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";

  /* {status, answer}, {signedOut} or {later}. A page instead of an answer (a proxy's error, a
     token that has changed) is no verdict on what was sent. */
  async function post(url, body, { patience, keepalive = false }) {
    const response = await fetch(url, {
      method: "POST", body, redirect: "manual", keepalive, signal: AbortSignal.timeout(patience),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (response.type === "opaqueredirect") return { signedOut: true };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { later: true };
    const answer = await response.json();
    window.whileLeaving.saved();
    return { status: response.status, answer };
  }

  const send = (url, body, how) => post(url, body, how).catch(() => ({ later: true }));

  /* Things by their keys. What the device would not store only this page has: it asks before it
     is left. */
  function store(prefix) {
    const loose = new Map();
    window.addEventListener("beforeunload", (event) => loose.size && event.preventDefault());
    const kept = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)), []);
    const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
    return {
      put(key, thing) {
        loose.set(key, thing);
        attempt(() => {
          localStorage.setItem(prefix + key, JSON.stringify(thing));
          loose.delete(key);
        });
      },
      drop(key) {
        loose.delete(key);
        attempt(() => localStorage.removeItem(prefix + key));
      },
      all() {
        const found = kept().map((key) => [key.slice(prefix.length), read(key)]);
        // half written, by a browser that was killed: nothing that could be sent
        return new Map([...found.filter(([, thing]) => thing), ...loose]);
      },
      fragile: () => loose.size,
    };
  }

  /* When to act: soon after a tap, at once when the network or the reader is back, later and
     later while nothing gets through. */
  function pacing(act, longest) {
    let pause = 1000;
    let timer = 0;
    const after = (time) => {
      clearTimeout(timer);
      timer = setTimeout(act, time);
    };
    const now = () => {
      clearTimeout(timer);
      pause = 1000;
      act();
    };
    window.addEventListener("online", now);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
    return {
      after,
      now,
      halt: () => clearTimeout(timer),
      worked: () => {
        pause = 1000;
      },
      failed: () => {
        after(pause * (0.5 + Math.random() / 2)); // not all devices in the same moment
        pause = Math.min(pause * 2, longest);
      },
    };
  }

  return { send, store, pacing };
})();
