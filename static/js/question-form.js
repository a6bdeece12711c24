/* True or false needs no options of its own. */
(() => {
  "use strict";
  const options = document.querySelector("[data-options]");
  const draw = () => {
    options.hidden = document.querySelector("input[name=kind]:checked")?.value === "truth";
  };
  if (!options) return;
  document.querySelectorAll("input[name=kind]").forEach((radio) => radio.addEventListener("change", draw));
  draw();
})();
