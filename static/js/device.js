/* What every page does for this device: the service worker, other people's pages, and the outbox: a
   page that does not use it itself loads its scripts (data-outbox) only where something waits. */
window.device = (() => {
  "use strict";
  const EMBEDDED = /MicroMessenger|wxwork|DingTalk/i;
  const isEmbedded = EMBEDDED.test(navigator.userAgent);
  const isPossible = window.isSecureContext && "serviceWorker" in navigator && "caches" in window && !isEmbedded;
  const { person } = document.body.dataset;
  const own = document.currentScript;
  const PREFIX = "pinzhi-person-";

  const forget = async (isKept) => {
    const names = "caches" in window ? await caches.keys() : [];
    return Promise.all(names.filter((name) => name.startsWith(PREFIX) && !isKept(name)).map((name) => caches.delete(name)));
  };

  document.addEventListener("submit", ({ target }) => target.action?.endsWith("/accounts/logout/") && forget(() => false));
  window.addEventListener("load", () => {
    if (isPossible) navigator.serviceWorker.register("/sw.js").catch(() => {});
    if (person) forget((name) => name === PREFIX + person); // nobody else's pages stay on the device
  });

  let loaded = false;
  function load() {
    if (loaded) return;
    loaded = true;
    own.dataset.outbox.split(" ").forEach((src) => {
      if (document.querySelector(`script[src="${src}"]`)) return;
      const script = Object.assign(document.createElement("script"), { src, async: false });
      script.dataset.late = "";
      document.body.append(script);
    });
  }

  /* How many entries this device keeps, of anybody; asking makes no database. */
  const count = () => new Promise((done) => {
    const opening = indexedDB.open("pinzhi");
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => done(0);
    opening.onsuccess = () => {
      const { result } = opening;
      result.onversionchange = () => result.close();
      const asked = result.transaction("entries").objectStore("entries").count();
      asked.onsuccess = asked.onerror = () => {
        result.close();
        done(asked.result ?? 0);
      };
    };
  });

  function watch() {
    const others = window.BroadcastChannel ? new BroadcastChannel("pinzhi-outbox") : null;
    const loadOnce = () => {
      others?.close();
      load();
    };
    others?.addEventListener("message", loadOnce, { once: true }); // another page keeps something now
    window.addEventListener("load", () => count().then((kept) => kept && loadOnce(), () => {}));
  }

  if (own.dataset.outbox) watch();
  return { isPossible, isEmbedded };
})();
