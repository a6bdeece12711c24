/* What was drawn on a picture (img[data-layer]), on top of it and never in it. `photoLayer.over(img, shapes)` lays
   it; whether it is to be seen at all is one switch for the device. */
window.photoLayer = (() => {
  "use strict";
  const SPACE = "http://www.w3.org/2000/svg";
  const HIDDEN = "photo-layer:hidden";
  const HEAD = 0.05; // an arrow's head, of the picture's longer side

  const make = (name, attributes) => {
    const element = document.createElementNS(SPACE, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };

  function arrow([x, y], [tox, toy], longest) {
    const turn = Math.atan2(toy - y, tox - x);
    const head = Math.min(HEAD * longest, 0.6 * Math.hypot(tox - x, toy - y));
    const wing = (by) => `${tox - head * Math.cos(turn + by)} ${toy - head * Math.sin(turn + by)}`;
    return make("path", { d: `M${x} ${y}L${tox} ${toy}M${wing(0.5)}L${tox} ${toy}L${wing(-0.5)}` });
  }

  const circle = ([x, y], [tox, toy]) => make("ellipse", {
    cx: (x + tox) / 2, cy: (y + toy) / 2, rx: Math.abs(tox - x) / 2, ry: Math.abs(toy - y) / 2,
  });

  function drawing(shapes, width, height, fit) {
    const layer = make("svg", { class: "drawn", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: `xMidYMid ${fit}`, "aria-hidden": "true" });
    shapes.forEach(({ kind, from, to }) => {
      const [start, end] = [from, to].map(([x, y]) => [x * width, y * height]);
      const mark = kind === "arrow" ? arrow(start, end, Math.max(width, height)) : circle(start, end);
      const edge = mark.cloneNode();
      edge.setAttribute("class", "drawn-edge");
      layer.append(edge, mark);
    });
    return layer;
  }

  /* A picture that is cut to its frame is drawn on as it is cut. */
  function over(image, shapes) {
    const former = image.nextElementSibling;
    if (former?.matches("svg.drawn")) former.remove();
    if (!shapes.length || !image.naturalWidth) return;
    const fit = getComputedStyle(image).objectFit === "cover" ? "slice" : "meet";
    image.after(drawing(shapes, image.naturalWidth, image.naturalHeight, fit));
  }

  const shapesOf = (image) => JSON.parse(image.dataset.layer || "[]");
  const lay = (image) => image.matches?.("img[data-layer]") && over(image, shapesOf(image));

  const isHidden = () => {
    try {
      return localStorage.getItem(HIDDEN) === "yes";
    } catch {
      return false; // no storage: they are shown
    }
  };
  function hide(hidden) {
    document.documentElement.classList.toggle("no-drawings", hidden);
    try {
      localStorage.setItem(HIDDEN, hidden ? "yes" : "");
    } catch {
      // this page knows
    }
  }

  document.documentElement.classList.toggle("no-drawings", isHidden());
  document.addEventListener("load", ({ target }) => lay(target), true);
  document.querySelectorAll("img[data-layer]").forEach((image) => image.complete && lay(image));
  return { over, shapesOf, hide };
})();
