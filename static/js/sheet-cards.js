/* Most of a sheet is rows that nobody looks at yet. What a card holds comes as <noscript>: read at once where
   no scripts run, and here only words until the card is opened, or the browser has nothing else to do; the
   same holds for why it is not applicable, for browsers look at every form of a page before it is ready.
   `sheetCards.build(card)` for whoever needs the rows now. */
window.sheetCards = (() => {
  "use strict";
  const root = document.getElementById("sheet");
  const FOLDED = ":is(.item-body, .na) > noscript";
  const idle = window.requestIdleCallback ?? ((action) => setTimeout(action, 50));
  let waits = false;

  const build = (card) => card?.querySelectorAll(FOLDED).forEach((folded) => {
    const rows = document.createElement("template");
    rows.innerHTML = folded.textContent;
    rows.content.querySelectorAll(".req[data-requirement]").forEach(name);
    folded.replaceWith(rows.content);
  });

  /* A row's places, and what its switch is called: the same hundred times, so that they don't come along. */
  function name(row) {
    const [words, word] = row.querySelector(".req-line").children;
    const [, seen, take] = row.parentElement.children;
    const places = { req: row, sum: row.querySelector(".req-sum > span"), shots: row.querySelector(".shots-kept"), seen, take };
    for (const [place, element] of Object.entries(places)) element?.setAttribute("id", `${place}-${row.dataset.requirement}`);
    row.querySelector(".switch").setAttribute("aria-label", `${words.firstChild.data} ${word.lastElementChild.textContent}`);
  }

  const nextShown = () => root.querySelector(`[data-part]:not([hidden], [data-later]) ${FOLDED}`);

  /* One at a time, so that a tap never waits for them; sections that are not shown wait until they are. */
  function buildShown() {
    if (waits || !nextShown()) return;
    waits = true;
    idle(() => {
      waits = false;
      build(nextShown()?.closest("[data-item]"));
      buildShown();
    });
  }

  if (!root?.dataset.entry) return { build };
  root.addEventListener("toggle", ({ target }) => target.matches(".item-box, .na") && build(target.closest("[data-item]")), true);
  root.addEventListener("click", ({ target }) => target.closest(".item-head, .na > summary") && build(target.closest("[data-item]")), true);
  root.addEventListener("shown", buildShown);
  window.addEventListener("load", buildShown);
  window.addEventListener("beforeprint", () => root.querySelectorAll("[data-item]").forEach(build));
  return { build };
})();
