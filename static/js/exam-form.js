/* What an exam is asked for depends on its form: questions only where it is held here. */
(() => {
  "use strict";
  const online = document.getElementById("online");
  const radios = document.querySelectorAll("input[name=form]");
  const draw = () => {
    online.hidden = document.querySelector("input[name=form]:checked")?.value !== "online";
  };
  radios.forEach((radio) => radio.addEventListener("change", draw));
  draw();
})();
