/* Files chosen in forms that are kept (data-keep) stay on this device beside its words, until the
   form is saved: a refusal, a reload or an expired session doesn't ask for them again. */
(() => {
  "use strict";
  const WORDS = "form:"; // form-keep.js keeps the words there, and forgets them after a save
  const database = idb.openDB("pinzhi-files", 1, { upgrade: (db) => db.createObjectStore("chosen") });
  database.catch(() => {}); // forbidden or full: the page still works, it just can't keep

  const place = (input) => [input.form.dataset.keep, input.name];
  const isKept = ([key]) => localStorage.getItem(WORDS + key) !== null;

  async function keep(input) {
    const files = [...input.files];
    const chosen = await database;
    await (files.length ? chosen.put("chosen", files, place(input)) : chosen.delete("chosen", place(input)));
  }

  async function restore(input, files) {
    const chosen = new DataTransfer();
    files.forEach((file) => chosen.items.add(file));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Only what belongs to words that are kept still waits; all else was saved or not wanted. */
  async function settle() {
    const chosen = await database;
    for (const at of await chosen.getAllKeys("chosen")) if (!isKept(at)) await chosen.delete("chosen", at);
    const inputs = document.querySelectorAll("form[data-keep] input[type=file]");
    for (const input of inputs) {
      const files = await chosen.get("chosen", place(input));
      if (files && !input.files.length) restore(input, files);
    }
  }

  document.addEventListener("change", ({ target }) => {
    if (target.type === "file" && target.form?.dataset.keep) keep(target).catch(() => {});
  });
  document.addEventListener("DOMContentLoaded", () => settle().catch(() => {}));
})();
