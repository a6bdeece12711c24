/* A field to sign in with a finger. The strokes stand in a hidden input, as numbers, so that
   form-keep.js keeps them through reloads, errors and an expired session, and draws them again. */
document.querySelectorAll("[data-sign]").forEach((box) => {
  const LONGEST = 86400000; // milliseconds that the server takes
  const canvas = box.querySelector("canvas");
  const input = document.getElementById(box.dataset.sign);
  box.hidden = false;
  const pen = { penColor: getComputedStyle(canvas).color, minWidth: 0.8, maxWidth: 2.4, dotSize: 0 };
  const pad = new window.SignaturePad(canvas, pen);
  const tenth = (figure) => Math.round(figure * 10) / 10;

  const strokes = () => {
    const groups = pad.toData().filter(({ points }) => points.length);
    const first = groups[0]?.points[0].time;
    const since = (time) => Math.min(Math.max(0, Math.round(time - first)), LONGEST);
    return groups.map(({ points }) => points.map(({ x, y, time }) => [tenth(x), tenth(y), since(time)]));
  };

  const write = () => {
    const drawn = strokes();
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    input.value = drawn.length ? JSON.stringify({ width, height, strokes: drawn }) : "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const kept = () => {
    try {
      return JSON.parse(input.value);
    } catch {
      return null; // empty, or nothing that can be drawn
    }
  };

  const groups = ({ width, height, strokes: drawn }) => {
    const factor = Math.min(1, canvas.clientWidth / width, canvas.clientHeight / height);
    const began = Date.now() - drawn.at(-1).at(-1)[2];
    const point = ([x, y, t]) => ({ x: x * factor, y: y * factor, time: began + t, pressure: 0.5 });
    const looks = { ...pen, velocityFilterWeight: 0.7, compositeOperation: "source-over" };
    return drawn.map((stroke) => ({ ...looks, points: stroke.map(point) }));
  };

  const draw = () => {
    if (!canvas.clientWidth) return; // the project refuses: the field is not on the page
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    const drawn = kept();
    if (drawn?.strokes?.length) pad.fromData(groups(drawn));
  };

  pad.addEventListener("endStroke", write);
  input.addEventListener("change", draw);
  box.querySelector("[data-clear]").addEventListener("click", () => {
    pad.clear();
    write();
  });
  new ResizeObserver(draw).observe(canvas);
});
