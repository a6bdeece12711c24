/* The chart library is larger than everything else on a page. It comes when the page stands and
   the browser has time; on a phone not before somebody touches the page or scrolls.
   `window.charts.then(draw)` draws as soon as it is there. */
window.charts = new Promise((resolve, reject) => {
  "use strict";
  const { library } = document.currentScript.dataset;
  const narrow = matchMedia("(max-width: 47.99rem)").matches;
  const SIGNS = ["pointerdown", "touchstart", "scroll", "keydown", "beforeprint"];
  const idle = window.requestIdleCallback ?? setTimeout;

  function load() {
    SIGNS.forEach((sign) => removeEventListener(sign, load, true));
    const script = document.createElement("script");
    script.src = library;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  }

  if (narrow) SIGNS.forEach((sign) => addEventListener(sign, load, { capture: true, once: true }));
  else if (document.readyState === "complete") idle(load);
  else addEventListener("load", () => idle(load), { once: true });
});
