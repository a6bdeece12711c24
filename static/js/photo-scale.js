/* A picture as it is sent: upright, at most 1,600 px long, as JPEG below 400 KB, with the digests of
   what is sent and of what the camera gave, and when the device says that it was taken.
   `photoScale(file)` gives {blob, name, taken_at, sha256, original_sha256}. One that is small already,
   and one that this browser can't draw, goes as it is; the server decides. */
window.photoScale = (() => {
  "use strict";
  const LONGEST = 1600; // pixels
  const LARGEST = 400 * 1024; // bytes
  const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45, 0.35];
  const SMALLER = 0.75; // where no quality is enough: a screenshot of small print, say
  const SENT_AS_IS = new Set(["image/jpeg", "image/png", "image/webp"]);

  const asJpeg = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

  function drawn(image, scale) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what is see-through would be black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  async function small(image) {
    let scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    for (;;) {
      const canvas = drawn(image, scale);
      for (const quality of QUALITIES) {
        const blob = await asJpeg(canvas, quality);
        if (!blob) throw new Error("no room to draw");
        if (blob.size < LARGEST) return blob;
      }
      scale *= SMALLER;
    }
  }

  async function scaled(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      const fits = Math.max(image.width, image.height) <= LONGEST && file.size < LARGEST;
      if (fits && SENT_AS_IS.has(file.type)) return { blob: file, name: file.name };
      return { blob: await small(image), name: `${file.name.replace(/\.\w+$/, "")}.jpg` };
    } finally {
      image.close();
    }
  }

  /* Empty on a page that is not secure: there browsers digest nothing. */
  async function digest(blob) {
    if (!crypto.subtle) return "";
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function photoScale(file) {
    const [kept, taken_at, original_sha256] = await Promise.all([
      scaled(file).catch(() => ({ blob: file, name: file.name })),
      window.photoTime(file),
      digest(file),
    ]);
    const sha256 = kept.blob === file ? original_sha256 : await digest(kept.blob);
    return { ...kept, taken_at, sha256, original_sha256 };
  }

  return photoScale;
})();
