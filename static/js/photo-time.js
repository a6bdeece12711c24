/* When a picture was taken, by the camera's clock: `photoTime(file)` gives it as an ISO text. EXIF says
   DateTimeOriginal, mostly without a zone, which is then the device's own; else the file's own time. */
window.photoTime = (() => {
  "use strict";
  const HEAD = 256 * 1024; // bytes: EXIF stands at the beginning
  const [EXIF_PLACE, ORIGINAL, OFFSET] = [0x8769, 0x9003, 0x9011]; // tags

  /* Where the TIFF part begins in a JPEG: in the APP1 segment that says "Exif". */
  function tiffIn(view) {
    if (view.getUint16(0) !== 0xffd8) return 0;
    for (let at = 2; view.getUint8(at) === 0xff;) {
      const marker = view.getUint8(at + 1);
      if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
      if (marker === 0xda) return 0; // the picture itself
      at += 2 + view.getUint16(at + 2);
    }
    return 0;
  }

  function exifTime(view) {
    const tiff = tiffIn(view);
    if (!tiff) return "";
    const little = view.getUint16(tiff) === 0x4949;
    const short = (at) => view.getUint16(at, little);
    const long = (at) => view.getUint32(at, little);
    const find = (table, tag) => {
      const entries = Array.from({ length: short(table) }, (_none, n) => table + 2 + 12 * n);
      return entries.find((entry) => short(entry) === tag);
    };
    const text = (entry, length) => {
      const from = tiff + long(entry + 8);
      return String.fromCharCode(...Array.from({ length }, (_none, n) => view.getUint8(from + n)));
    };
    const place = find(tiff + long(tiff + 4), EXIF_PLACE);
    const table = place && tiff + long(place + 8);
    const original = table && find(table, ORIGINAL);
    if (!original) return "";
    const [day, time] = text(original, 19).split(" ");
    const offset = find(table, OFFSET);
    return `${day.replaceAll(":", "-")}T${time}${offset ? text(offset, 6) : ""}`;
  }

  const asMoment = (value) => {
    const moment = new Date(value);
    return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
  };

  return async function photoTime(file) {
    const own = () => asMoment(file.lastModified ?? Date.now());
    try {
      const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
      return asMoment(exifTime(view)) || own();
    } catch {
      return own(); // no EXIF, or one that is cut off
    }
  };
})();
