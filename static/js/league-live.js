/* The league table while sheets come in: asks each second whether a standing changed, and puts the
   new parts where the old ones are. The focus, what is open and how far somebody scrolled stay.
   Not while nobody looks. */
(() => {
  const place = document.querySelector("[data-league-live]");
  if (!place) return;
  const EVERY = 1000; // milliseconds; who saves a deduction sees it within a second
  const LONGEST = 30000;
  const says = place.querySelector("[data-live-says]");
  let mark = `"${place.dataset.mark}"`;
  let wait = EVERY;
  let timer = 0;

  const parts = (root) => [...root.querySelectorAll("[data-live-part]")];
  const rows = () => new Map([...place.querySelectorAll("tr[data-project]")].map((row) => [row.dataset.project, row]));

  // where the focus is, in words that hold for the new part as well
  function focused() {
    const has = document.activeElement;
    const part = has?.closest("[data-live-part]");
    if (!part) return null;
    if (has.closest("tr.detail")) return () => has;
    const project = has.closest("tr[data-project]")?.dataset.project;
    if (project) {
      const what = has.matches("[data-row]") ? "[data-row]" : ".c-name > a";
      return () => rows().get(project)?.querySelector(what);
    }
    const href = has.getAttribute("href");
    return () => [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === href);
  }

  function opened(before) {
    return [...before.values()].filter((row) => row.classList.contains("is-open"))
      .map((row) => [row.dataset.project, row.nextElementSibling]);
  }

  // heads stay as they are, and with them the table's own scrolling
  function replace(old, fresh) {
    const [was, is] = [old.querySelector(".league-scroll"), fresh.querySelector(".league-scroll")];
    if (!was || !is) {
      old.replaceChildren(...fresh.childNodes);
      return;
    }
    was.firstElementChild.replaceChildren(...is.firstElementChild.childNodes);
    while (was.nextSibling) was.nextSibling.remove();
    while (is.nextSibling) old.append(is.nextSibling);
  }

  function put(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const before = rows();
    const [refocus, open] = [focused(), opened(before)];
    const top = place.getBoundingClientRect().top;
    for (const part of parts(fresh.content)) {
      const old = document.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
      if (old) replace(old, part);
    }
    const after = rows();
    for (const [project, row] of after) {
      const was = before.get(project);
      if (was && was.textContent !== row.textContent) row.classList.add("is-fresh");
    }
    const kept = open.filter(([project]) => after.has(project)).map(([project, detail]) => [after.get(project), detail]);
    document.dispatchEvent(new CustomEvent("league:changed", { detail: { opened: kept } }));
    window.scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
    refocus?.()?.focus({ preventScroll: true });
    says.textContent = place.dataset.says;
  }

  async function ask() {
    const answer = await fetch(place.dataset.leagueLive + location.search, {
      headers: { "If-None-Match": mark }, cache: "no-store", redirect: "manual",
    });
    if (answer.status === 304) return true;
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    if (!answer.ok) return false; // signed out, or no longer allowed
    const html = await answer.text();
    mark = answer.headers.get("ETag") || mark;
    put(html);
    return true;
  }

  async function round() {
    timer = 0;
    if (document.hidden) return;
    let goesOn = true;
    try {
      goesOn = await ask();
      wait = EVERY;
    } catch {
      wait = Math.min(wait * 2, LONGEST);
    }
    if (goesOn && !timer) timer = setTimeout(round, wait);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || timer) return;
    timer = setTimeout(round, 0);
  });
  timer = setTimeout(round, EVERY);
})();
