/* j and k, and the arrows once a row has the focus, move through the table; Enter opens, as on any
   link; right and left open and close a row in place. */
(() => {
  const hint = document.querySelector("[data-keys]");
  if (hint) hint.hidden = false;

  const links = () => [...document.querySelectorAll(".league tbody .c-name > a")];

  function move(here, step) {
    const all = links();
    const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function turn(row, opens) {
    if (row.classList.contains("is-open") !== opens) row.querySelector("[data-row]").click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const row = event.target.closest(".league tr[data-project]");
    const here = row ? links().findIndex((link) => row.contains(link)) : -1;
    const step = { j: 1, k: -1, ...(row && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
    const side = row && { ArrowRight: true, ArrowLeft: false }[event.key];
    if (step) move(here, step);
    else if (side !== undefined && side !== null) turn(row, side);
    else return;
    event.preventDefault();
  });
})();
