/* A sheet by the keyboard, as fast as by hand; `?` says how (the list is in the page). Not while
   somebody types. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const help = document.getElementById("keys-help");
  if (!root?.dataset.entry || !help) return;
  let here = null; // the item
  let row = null; // in it the requirement or rule

  const items = () => [...root.querySelectorAll("[data-item]")].filter((item) => item.offsetParent || !item.hasAttribute("data-looked"));
  const head = (item) => item.querySelector("summary.item-head");
  const current = () => [document.activeElement?.closest("[data-item]"), here].find((item) => item?.offsetParent);
  const currentRow = () => document.activeElement?.closest("form.req") ?? row;

  function go(item) {
    here = item;
    row = null;
    root.dispatchEvent(new CustomEvent("show", { detail: item }));
    item.querySelector(".item-box").open = true;
    head(item).focus({ preventScroll: true });
    item.scrollIntoView({ block: "start" });
  }

  function move(step) {
    const all = items();
    const place = all.indexOf(current());
    const shown = all.find((item) => item.offsetParent);
    const next = place < 0 ? shown : all[place + step];
    if (next) go(next);
  }

  function missing(number) {
    window.sheetCards.build(current());
    const found = current()?.querySelectorAll("form.req")[number - 1];
    if (!found) return;
    row = found;
    current().querySelector(".item-box").open = true;
    found.querySelector(".switch").click();
    found.querySelector(".switch").focus();
    found.scrollIntoView({ block: "nearest" });
  }

  function step(sign) {
    const box = currentRow()?.querySelector(".req-edit");
    if (!box || !currentRow().elements.missing.checked) return;
    box.open = true;
    soon(() => [...box.querySelectorAll("[data-amount] [data-by], [data-counted] [data-by]")]
      .find(({ dataset }) => Math.sign(dataset.by) === sign)?.click());
  }

  function note() {
    const box = currentRow()?.querySelector(".req-edit");
    if (!box || !currentRow().elements.missing.checked) return;
    box.open = true;
    soon(() => box.querySelector("[name=note]")?.focus());
  }

  // an editor is drawn when its box says that it was opened
  const soon = (action) => setTimeout(action, 30);

  const press = (place) => place?.querySelector("form.move [name=do][value=confirm]")?.form.querySelector("button").click();

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    c: () => press(current()),
    r: () => press((current() ?? items().find((item) => item.offsetParent))?.closest("[data-part]").querySelector(".part-foot")),
    n: note,
    u: () => document.querySelector("[data-only-left]")?.click(),
    "+": () => step(1),
    "=": () => step(1),
    "-": () => step(-1),
    "?": () => help.showModal(),
  };

  const types = (target) => target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (types(event.target)) {
      // back to the row, so that the next key is a command again
      if (event.key === "Escape") event.target.closest("form.req")?.querySelector(".switch").focus();
      return;
    }
    const action = /^[1-9]$/.test(event.key) ? () => missing(Number(event.key)) : KEYS[event.key];
    if (!action || root.matches(".is-signed")) return;
    event.preventDefault();
    action();
  });
  root.addEventListener("focusin", ({ target }) => {
    here = target.closest("[data-item]") ?? here;
    row = target.closest("form.req") ?? (here?.contains(row) ? row : null);
  });
  document.querySelectorAll("[data-keys-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  });
})();
