/* Sections as steps: one at a time while a sheet is filled; the next item is one tap away. Listens on #sheet
   for "show" (an item). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;
  const parts = [...root.querySelectorAll("[data-part]")];

  function show(part) {
    parts.forEach((each) => {
      each.hidden = each !== part;
      delete each.dataset.later;
    });
    mark();
    root.dispatchEvent(new CustomEvent("shown"));
  }

  function mark() {
    const current = parts.find((part) => !part.hidden)?.dataset.part;
    document.querySelectorAll("[data-step]").forEach((step) => {
      step.toggleAttribute("aria-current", step.dataset.step === current);
      if (step.dataset.step !== current) return;
      step.setAttribute("aria-current", "step");
      // with the next picture, for asking now would lay out the whole page before its time
      requestAnimationFrame(() => {
        const strip = step.closest("ol");
        strip.scrollLeft = step.offsetLeft - (strip.clientWidth - step.offsetWidth) / 2;
      });
    });
    root.querySelectorAll("[data-toc]").forEach((entry) => {
      entry.querySelector(".sub").hidden = entry.dataset.toc !== current;
    });
  }

  /* The place that an address in this page points to: its section is shown first. */
  function go(hash, { open = false } = {}) {
    const place = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    const part = place && place.closest("[data-part]");
    if (!part) return false;
    show(part);
    if (open && place !== part) place.querySelector(".item-box").open = true;
    (place === part ? document.getElementById("main") : place).scrollIntoView({ block: "start" });
    return true;
  }

  /* Nobody looked at it, neither on the record nor here. */
  const isLeft = (item) => Boolean(item.querySelector("[data-open]")) && !item.matches(".is-unsent, :has(.req .switch:checked)");
  window.sheetLeft = isLeft;

  /* The next one below what is in sight, then from the top. */
  function next() {
    const items = [...root.querySelectorAll("[data-item]")];
    const shown = items.findLastIndex((item) => !item.closest("[data-part]").hidden && item.getBoundingClientRect().top < 200);
    return items.slice(shown + 1).find(isLeft) ?? items.find(isLeft);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='#']");
    if (!link || link.matches("[data-open]")) return;
    const target = link.matches("[data-next]") ? next() : null;
    const hash = target ? `#${target.id}` : new URL(link.href).hash;
    if (go(hash, { open: Boolean(target) || link.matches("[data-show]") })) {
      event.preventDefault();
      history.replaceState(null, "", hash);
    }
  });
  root.addEventListener("parts", mark);
  root.addEventListener("show", ({ detail }) => {
    const part = detail.closest("[data-part]");
    if (part.hidden || !root.matches(".only-left")) show(part);
  });

  const first = [...root.querySelectorAll("[data-item]")].find(isLeft);
  if (!go(location.hash)) show(first?.closest("[data-part]") ?? parts[0]);
})();
