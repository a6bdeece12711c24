/* How much of what this person entered waits on this device: in the shell, and beside each sheet of
   a list ([data-unsent-sheet]). */
(() => {
  "use strict";
  const { outbox } = window;
  const mark = document.getElementById("outbox-count");
  if (!mark) return;
  let asked = 0;

  function put(place, count) {
    place.hidden = !count;
    place.querySelector("[data-count]").textContent = count;
  }

  async function draw() {
    const number = ++asked;
    const entries = await outbox.mine();
    if (number !== asked) return;
    put(mark, entries.length);
    document.querySelectorAll("[data-unsent-sheet]").forEach((place) => {
      put(place, entries.filter(({ sheet }) => String(sheet) === place.dataset.unsentSheet).length);
    });
  }

  outbox.on("changed", draw);
  draw();
})();
