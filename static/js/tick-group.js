/* A department's tick stands for its people: ticking it ticks all, and it shows whether all are. */
for (const group of document.querySelectorAll("[data-ticks]")) {
  const all = group.querySelector("[data-ticks-all]");
  const each = [...group.querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);

  const show = () => {
    const ticked = each.filter((box) => box.checked).length;
    all.checked = ticked === each.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };

  group.addEventListener("change", (event) => {
    if (event.target === all) each.forEach((box) => { box.checked = all.checked; });
    show();
  });
  show();
}
