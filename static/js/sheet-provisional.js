/* Running totals while the server cannot be asked: worked out on the device from the pack, what was
   sent since, and what waits; said to be provisional. The server's pieces replace them. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const { packs, sheetFold } = window;
  const REST = 600; // milliseconds: what is sent at once needs no figures of our own
  let pack = null;
  let timer = 0;
  const copy = (name) => document.getElementById(name).content.cloneNode(true).firstElementChild;

  function filled(name, figures) {
    const drawn = copy(name);
    Object.entries(figures).forEach(([place, figure]) => drawn.querySelectorAll(`[data-${place}]`).forEach((each) => { each.textContent = figure; }));
    return drawn;
  }

  function stateOf({ isNotApplicable, isLookedAt, deductions }) {
    if (isNotApplicable) return filled("provisional-not-applicable", {});
    if (deductions) return filled("provisional-missing", { count: deductions });
    return filled(isLookedAt ? "provisional-conforms" : "provisional-open", {});
  }

  function drawItem(card, score) {
    const head = card.querySelector(".item-head");
    head.querySelector(".state")?.replaceWith(stateOf(score));
    const figure = score.isLookedAt && !score.isNotApplicable ? sheetFold.points(score.kept) : "—";
    head.querySelector(".item-pts").firstChild.textContent = figure;
    card.classList.toggle("item-na", score.isNotApplicable);
    // what was looked at is not the next one to look at
    if (score.isLookedAt) card.querySelector("[data-open]")?.remove();
  }

  function drawTotal(found) {
    document.getElementById("total-num").replaceChildren(filled("provisional-num", { kept: sheetFold.points(found.kept), possible: sheetFold.plain(found.possible) }));
    const figures = filled("provisional-more", {
      percent: sheetFold.percent(found), lost: sheetFold.points(found.possible - found.kept), left: found.total - found.lookedAt,
    });
    if (document.getElementById("provisional-title")) {
      document.getElementById("title").replaceChildren(filled("provisional-title", { done: found.lookedAt, total: found.total }));
    }
    const warning = found.zeroed ? [copy("provisional-zero")] : found.capped ? [copy("provisional-capped")] : [];
    document.getElementById("total-more").replaceChildren(...warning, ...figures.childNodes, copy("provisional-note"));
  }

  /* Signed is what was looked at in full. */
  function drawSigning({ lookedAt, total }) {
    const way = document.getElementById("provisional-sign");
    if (way && lookedAt === total) document.getElementById("total-act").replaceChildren(way.content.cloneNode(true));
  }

  async function draw({ ops, before }) {
    pack ??= (await packs.readPack(Number(root.dataset.sheet)))?.pack;
    if (!pack) return;
    const entries = [...before, ...ops].filter(({ event, refused }) => event && !refused);
    const found = sheetFold.fold(pack, entries, "extra" in root.dataset);
    const touched = new Set(entries.flatMap(({ item, event }) => event.items ?? [item]));
    touched.forEach((id) => {
      const card = root.querySelector(`[data-item="${id}"]`);
      if (card && found.scores.has(id)) drawItem(card, found.scores.get(id));
    });
    drawTotal(found);
    drawSigning(found);
    root.dispatchEvent(new CustomEvent("parts"));
  }

  root.addEventListener("queue", ({ detail }) => {
    clearTimeout(timer);
    if (detail.waiting || detail.before.length) timer = setTimeout(() => draw(detail).catch(() => {}), REST);
    else pack = null; // what was sent is in the next one
  });
})();
