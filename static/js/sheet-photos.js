/* Pictures as they are sent (photo-scale.js): "picked" (row, file) becomes "pictured" (row, photo). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");

  root.addEventListener("picked", async ({ detail: { row, file } }) => {
    const photo = await window.photoScale(file);
    root.dispatchEvent(new CustomEvent("pictured", { detail: { row, photo } }));
  });
})();
