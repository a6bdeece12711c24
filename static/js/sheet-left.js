/* "Only what is left": items that nobody looked at, here or on the record, of all sections at once. It
   needs no network. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const button = document.querySelector("[data-only-left]");
  if (!root?.dataset.entry || !button) return;
  const count = button.querySelector("[data-count]");
  const items = [...root.querySelectorAll("[data-item]")];
  const parts = [...root.querySelectorAll("[data-part]")];

  const isLeft = (item) => window.sheetLeft(item);
  // what is worked on stays in sight
  const isBusy = (item) => item.querySelector(".item-box").open || item.contains(document.activeElement);
  const isOn = () => button.getAttribute("aria-pressed") === "true";

  function draw({ turned = false } = {}) {
    const left = items.filter(isLeft);
    count.textContent = left.length;
    button.disabled = !left.length && !isOn();
    root.classList.toggle("only-left", isOn());
    items.forEach((item) => {
      const stays = !turned && !item.hasAttribute("data-looked") && isBusy(item);
      item.toggleAttribute("data-looked", isOn() && !isLeft(item) && !stays);
    });
  }

  function turn(on) {
    button.setAttribute("aria-pressed", String(on));
    draw({ turned: true });
    if (!on) return root.dispatchEvent(new CustomEvent("show", { detail: items.find(isLeft) ?? items[0] }));
    parts.forEach((part) => { part.hidden = !part.querySelector("[data-item]:not([data-looked])"); });
    root.dispatchEvent(new CustomEvent("shown"));
    root.dispatchEvent(new CustomEvent("parts"));
    items.find(isLeft)?.scrollIntoView({ block: "start" });
  }

  button.addEventListener("click", () => turn(!isOn()));
  ["parts", "queue"].forEach((name) => root.addEventListener(name, () => draw()));
  root.addEventListener("change", () => draw());
  button.hidden = false;
  draw();
})();
