/* The mark that says whether everything is saved, and the list of what is not. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;
  const mark = document.getElementById("sync");
  const panel = document.getElementById("unsent");
  const list = document.getElementById("unsent-list");
  const words = document.getElementById("sync-words").dataset;
  const TROUBLE = new Set(["signed-out", "another-person"]);
  let state = null; // until the outbox was read
  let typing = false;
  let wrong = 0;

  function stateName({ waiting, refused, fragile, sending, trouble, late, ops }) {
    if (wrong && !waiting && !refused) return "wrong";
    if (typing && !waiting && !refused) return "saving";
    if (fragile && !(sending && waiting === 1)) return "fragile";
    if (waiting && TROUBLE.has(trouble)) return trouble;
    if (trouble === "refreshing") return "saving";
    if (waiting && sending && ops.filter((op) => !op.refused).length <= 1) return "saving";
    if (waiting) return "unsent";
    if (refused) return "refused";
    return late ? "late" : "saved";
  }

  function drawMark(name, count) {
    const content = document.getElementById(`sync-${name}`).content.cloneNode(true);
    const place = content.querySelector("[data-count]");
    if (place) place.textContent = count;
    if (mark.dataset.state !== name || place) mark.replaceChildren(content);
    mark.dataset.state = name;
    mark.hidden = false;
  }

  function line(op) {
    const row = document.getElementById("unsent-one").content.cloneNode(true).firstElementChild;
    const { what = "", about = "", figure = "" } = op.label;
    const move = op.photo ? "photos" : op.sign ? "sign" : op.event?.do ?? op.form.fields.do;
    row.querySelector("[data-what]").textContent = [words[move], what, about, figure].filter(Boolean).join(" · ");
    row.querySelector("[data-why]").textContent = op.refused?.detail ?? "";
    row.querySelector("[data-retry]").addEventListener("click", () => root.dispatchEvent(new CustomEvent("retry", { detail: op })));
    row.querySelector("[data-drop]").addEventListener("click", () => root.dispatchEvent(new CustomEvent("drop", { detail: op })));
    row.querySelector(".acts").hidden = !op.refused;
    return row;
  }

  function draw() {
    if (!state) return;
    const name = stateName(state);
    drawMark(name, state[name] ?? state.waiting);
    panel.hidden = ["saved", "saving", "wrong", "late"].includes(name) && !state.refused;
    list.replaceChildren(...(panel.hidden ? [] : state.ops.map(line)));
    const unsent = new Set(panel.hidden ? [] : state.ops.map((op) => op.item));
    root.querySelectorAll("[data-item]").forEach((item) => item.classList.toggle("is-unsent", unsent.has(Number(item.dataset.item))));
  }

  root.addEventListener("queue", ({ detail }) => {
    state = detail;
    draw();
  });
  root.addEventListener("typing", ({ detail }) => {
    if (typing === detail.active && wrong === detail.wrong) return;
    ({ active: typing, wrong } = detail);
    draw();
  });

  root.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-submit]") || !(state?.waiting || state?.refused || typing || wrong)) return;
    event.preventDefault();
    event.stopPropagation();
    window.alert(words.wait);
  }, true);
})();
