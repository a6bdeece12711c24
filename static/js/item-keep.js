/* What is typed into a form (a rubric's item, a visit, whose notes are on file) and not saved yet
   stays on this device: a reload, a lost connection or an expired session loses nothing. Pages
   that follow a save forget it. */
(() => {
  const form = document.querySelector("form[data-keep]");
  const SENT = "item:sent";
  const skipped = new Set(["csrfmiddlewaretoken"]);
  const key = form ? `item:${form.dataset.keep}` : "";

  const attempt = (action, otherwise = null) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  // files can't be kept
  const typed = () => [...new FormData(form)].filter(
    ([name, value]) => !skipped.has(name) && typeof value === "string");
  const keep = () => attempt(() => sessionStorage.setItem(key, JSON.stringify(typed())));
  const forget = (name) => attempt(() => sessionStorage.removeItem(name));

  /* What was sent was saved when the page that answers is another one, or says so. */
  const settle = () => {
    const sent = attempt(() => sessionStorage.getItem(SENT));
    forget(SENT);
    if (sent && (sent !== key || document.querySelector("[role=status]"))) forget(sent);
  };

  const addRows = (values) => form.querySelectorAll("[data-rows]").forEach((rows) => {
    const total = rows.querySelector("[name$='-TOTAL_FORMS']");
    const add = rows.querySelector("[data-add]");
    for (let n = Number(total.value); n < Number(values.get(total.name)); n += 1) add.click();
  });

  const fill = (pairs) => {
    const ticked = new Set(pairs.map((pair) => JSON.stringify(pair)));
    const left = new Map(); // several fields may have one name: each takes the next value of it
    pairs.forEach(([name, value]) => left.set(name, [...(left.get(name) ?? []), value]));
    addRows(new Map(pairs));
    [...form.elements].forEach((field) => {
      if (!field.name || skipped.has(field.name) || ["submit", "file"].includes(field.type)) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = ticked.has(JSON.stringify([field.name, field.value]));
      else if (left.get(field.name)?.length) field.value = left.get(field.name).shift();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    form.dataset.dirty = "yes";
  };

  const restore = () => {
    const kept = attempt(() => sessionStorage.getItem(key));
    if (!kept || kept === JSON.stringify(typed()) || document.querySelector("main [role=alert]")) return;
    fill(JSON.parse(kept));
    document.querySelector("[data-restored]").hidden = false;
  };

  settle();
  if (!form) return;
  restore();
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => attempt(() => sessionStorage.setItem(SENT, key)));
  document.querySelector("[data-forget]").addEventListener("click", () => {
    forget(key);
    form.dataset.dirty = "";
    window.location.reload();
  });
})();
