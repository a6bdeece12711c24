/* Hover and keyboard focus show which cells became what: an item lights its cells, a cell the
   item, requirement or figure that came of it. */
(() => {
  const page = document.getElementById("review-page");
  let lit = [];

  const light = (elements) => {
    lit.forEach((element) => element.classList.remove("is-lit"));
    lit = elements.filter(Boolean);
    lit.forEach((element) => element.classList.add("is-lit"));
  };

  const square = (cell) => document.getElementById(`c-${cell}`);

  const cells = (element) => (element.dataset.cells || element.dataset.cell).split(" ");

  const show = (target) => {
    if (!target.closest) return;
    const cell = target.closest(".xl td[id]");
    if (cell) {
      const name = cell.id.slice(2);
      light([cell, ...document.querySelectorAll(`[data-cells~="${name}"], [data-cell="${name}"]`)]);
      return;
    }
    const source = target.closest("[data-cells], [data-cell]");
    light(source ? [source, ...cells(source).map(square)] : []);
  };

  document.addEventListener("pointerover", (event) => show(event.target));
  document.addEventListener("focusin", (event) => show(event.target));
  page.addEventListener("pointerleave", () => light([]));
})();
