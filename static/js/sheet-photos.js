/* Pictures as they are sent: upright, at most 1,600 px long, as JPEG. A picture that this browser
   can't draw goes as it is; the server decides. "picked" (row, file) becomes "pictured" (row, photo). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const LONGEST = 1600;
  const QUALITY = 0.8;

  async function scaled(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return { blob, name: file.name.replace(/\.\w+$/, "") + ".jpg" };
  }

  const asText = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = failed;
    reader.readAsDataURL(blob);
  });

  root.addEventListener("picked", async ({ detail: { row, file } }) => {
    const { blob, name } = await scaled(file).catch(() => ({ blob: file, name: file.name }));
    const photo = { name, type: blob.type, data: await asText(blob) };
    root.dispatchEvent(new CustomEvent("pictured", { detail: { row, photo } }));
  });
})();
