/* Pictures as they are sent (photo-scale.js): "picked" (row, file) becomes "pictured" (row, photo). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");

  const asText = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = failed;
    reader.readAsDataURL(blob);
  });

  root.addEventListener("picked", async ({ detail: { row, file } }) => {
    const { blob, name } = await window.photoScale(file);
    const photo = { name, type: blob.type, data: await asText(blob) };
    root.dispatchEvent(new CustomEvent("pictured", { detail: { row, photo } }));
  });
})();
