/* j and k move through a list of work; Enter opens, as on any link. */
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll(".first .btn, .work-title")];
  const here = rows.indexOf(document.activeElement);
  const next = rows[Math.max(here + step, 0)];
  if (next) next.focus();
});
