/* "Get ready" for one sheet or visit, or all of a list: each [data-ready] says how far its sheet is packed;
   a button [data-prepare] packs the one beside it, or with "all" every one of the page. */
(() => {
  "use strict";
  const { outbox, packs } = window;
  const places = [...document.querySelectorAll("[data-ready]")];
  const buttons = document.querySelectorAll("[data-prepare]");
  const REST = 2000; // milliseconds after the last entry was sent
  let timer = 0;

  function draw(place, name, { at = "", figure = "" } = {}) {
    const content = document.getElementById(`ready-${name}`).content.cloneNode(true);
    content.querySelectorAll("[data-at]").forEach((each) => {
      each.textContent = new Date(at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
    });
    content.querySelectorAll("[data-figure]").forEach((each) => { each.textContent = figure; });
    place.replaceChildren(content);
    place.dataset.state = name;
  }

  async function show(place) {
    const record = await packs.ready(place.dataset.ready);
    if (record) draw(place, "done", record);
  }

  async function prepare(place) {
    draw(place, "busy", { figure: "" });
    try {
      const record = await packs.prepare(place.dataset.ready, place.dataset.url,
        (done, all) => draw(place, "busy", { figure: `${done} / ${all}` }));
      draw(place, "done", record);
    } catch {
      draw(place, "failed");
    }
  }

  async function prepareAll(button) {
    button.disabled = true;
    for (const place of places) await prepare(place);
    button.disabled = false;
  }

  /* What stands on the device goes along with what is sent. */
  async function renew() {
    for (const place of places) {
      if (await packs.ready(place.dataset.ready)) await prepare(place);
    }
  }

  if (!packs.isPossible) {
    document.querySelectorAll("[data-not-offline]").forEach((note) => { note.hidden = !packs.isEmbedded; });
    buttons.forEach((button) => button.remove()); // and the room that was kept for it
    return;
  }
  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => prepareAll(button));
  });
  outbox.on("settled", (outcomes) => {
    const sheets = new Set(outcomes.map(({ entry }) => String(entry.sheet)));
    if (!places.some((place) => sheets.has(place.dataset.ready))) return;
    clearTimeout(timer);
    timer = setTimeout(renew, REST);
  });
  document.addEventListener("DOMContentLoaded", () => places.forEach(show));
})();
