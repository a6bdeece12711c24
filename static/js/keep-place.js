/* Heads that sort and chips open the same page anew: it stays where it was scrolled to,
   and the focus is on what was pressed. Without scripts, or on another page, it begins at its top. */
(() => {
  const KEY = "place:kept";
  const AGE = 20000; // milliseconds; an older one was of a page that never came
  const parts = () => [...document.querySelectorAll("[data-keep-place]")];
  const links = (part) => [...part.querySelectorAll("a[href]")];
  const attempt = (action) => {
    try {
      return action();
    } catch {
      return null; // storage is forbidden
    }
  };

  const kept = attempt(() => JSON.parse(sessionStorage.getItem(KEY)));
  attempt(() => sessionStorage.removeItem(KEY));
  if (kept?.path === location.pathname && Date.now() - kept.at < AGE) {
    window.scrollTo({ top: kept.top, behavior: "instant" });
    const part = parts().find(({ dataset }) => dataset.keepPlace === kept.part);
    const link = part && links(part)[kept.number];
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-keep-place] a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.pathname !== location.pathname) return;
    const part = link.closest("[data-keep-place]");
    const place = {
      path: location.pathname, part: part.dataset.keepPlace, number: links(part).indexOf(link),
      top: window.scrollY, at: Date.now(),
    };
    attempt(() => sessionStorage.setItem(KEY, JSON.stringify(place)));
  });
})();
