/* The page of what is on this device: entries by sheet, what was refused and why; the queue as a
   file; what the server says that it has. */
(() => {
  "use strict";
  const root = document.getElementById("on-device");
  const { outbox, outboxEnds, outboxFile } = window;
  const list = document.getElementById("device-list");
  const words = root.dataset;
  const copy = (name) => document.getElementById(name).content.cloneNode(true).firstElementChild;
  let state = { sending: false, trouble: "" };

  function moveOf({ event, photo, form, sign, answer: said }) {
    if (sign) return words.sign;
    if (said) return words.answer;
    if (photo || form?.file) return words.photos;
    return words[event?.do ?? form?.fields.do] ?? "";
  }

  function line(entry, entries) {
    const row = copy("device-entry");
    const { what = "", about = "", figure = "" } = entry.label ?? {};
    row.querySelector("[data-what]").textContent = [moveOf(entry), what, about, figure].filter(Boolean).join(" · ");
    const when = entry.event?.observed_at ?? entry.photo?.taken_at ?? entry.answer?.body.answered_at;
    row.querySelector("[data-when]").textContent = when ? new Date(when).toLocaleString(document.documentElement.lang) : "";
    row.querySelector("[data-why]").textContent = entry.refused?.detail ?? "";
    row.querySelector(".acts").hidden = !entry.refused;
    const correct = row.querySelector("[data-correct]");
    correct.hidden = !entry.answer || entry.refused?.code === "finished"; // nobody asks there any more
    if (entry.answer) correct.href = entry.answer.url;
    row.querySelector("[data-retry]").addEventListener("click", async () => {
      await outbox.change({ [entry.id]: { refused: null } });
      outbox.send();
    });
    row.querySelector("[data-drop]").addEventListener("click", () => outbox.change(outboxEnds.ending([entry.id], entries)));
    return row;
  }

  function group(entries, all) {
    const panel = copy("device-sheet");
    const link = panel.querySelector("a");
    link.textContent = entries[0].about.name;
    link.href = entries[0].about.url;
    panel.querySelector("[data-count]").textContent = entries.length;
    panel.querySelector("ul").append(...entries.map((entry) => line(entry, all)));
    return panel;
  }

  function answer(entries) {
    const refused = entries.filter((entry) => entry.refused).length;
    const name = !entries.length ? "none" : refused ? "refused" : ["signed-out", "another-person"].includes(state.trouble) ? state.trouble
      : state.sending ? "sending" : "some";
    const content = copy(`device-${name}`);
    const places = { "[data-count]": entries.length - (name === "refused" ? 0 : refused), "[data-refused]": refused,
      "[data-photos]": entries.filter(({ photo, form }) => photo || form?.file).length };
    Object.entries(places).forEach(([place, count]) => content.querySelectorAll(place).forEach((each) => { each.textContent = count; }));
    document.getElementById("device-answer").replaceChildren(content);
  }

  async function draw() {
    const everything = await outbox.all();
    const entries = everything.filter(({ person }) => person === outbox.person);
    answer(entries);
    document.getElementById("device-others").hidden = entries.length === everything.length;
    document.getElementById("device-loose").hidden = !outbox.fragile();
    root.querySelectorAll("[data-needs-entries]").forEach((button) => { button.disabled = !entries.length; });
    const sheets = [...new Set(entries.map(({ sheet }) => sheet))];
    list.replaceChildren(...sheets.map((sheet) => group(entries.filter((entry) => entry.sheet === sheet), entries)));
  }

  /* --- the file ------------------------------------------------------------------------------ */

  async function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await outboxFile.save());
    link.download = `${words.fileName}-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function take({ target }) {
    const { outcome, count } = await outboxFile.take(target.files[0]);
    target.value = "";
    const place = document.getElementById("device-file");
    place.replaceChildren(copy(`file-${outcome}`));
    place.querySelectorAll("[data-count]").forEach((each) => { each.textContent = count; });
    outbox.send();
  }

  root.querySelector("[data-send]").addEventListener("click", () => outbox.send());
  root.querySelector("[data-save]").addEventListener("click", save);
  root.querySelector("[name=outbox]").addEventListener("change", take);
  outbox.on("changed", draw);
  outbox.on("state", (now) => {
    state = now;
    draw();
  });
  document.addEventListener("DOMContentLoaded", draw);
})();
