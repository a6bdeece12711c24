/* Pictures as they are sent (photo-scale.js), with the digests of what is sent and of what the
   camera gave: "picked" (row, file) becomes "pictured" (row, photo). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");

  /* Empty on a page that is not secure: there browsers digest nothing. */
  async function digest(blob) {
    if (!crypto.subtle) return "";
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  root.addEventListener("picked", async ({ detail: { row, file } }) => {
    const taken_at = new Date().toISOString();
    const { blob, name } = await window.photoScale(file);
    const [sha256, original_sha256] = await Promise.all([digest(blob), digest(file)]);
    root.dispatchEvent(new CustomEvent("pictured", { detail: { row, photo: { blob, name, taken_at, sha256, original_sha256 } } }));
  });
})();
