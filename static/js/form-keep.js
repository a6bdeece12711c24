/* What is typed or chosen in a form (data-keep) and not saved yet stays on this device: a reload,
   a lost connection or an expired session loses nothing. The page that follows a save forgets it,
   whichever it is, so every page loads this. */
(() => {
  const form = document.querySelector("form[data-keep]");
  const SENT = "form:sent";
  // keys and secrets (data-unkept) never stay on a device
  const unkept = [...(form?.querySelectorAll("[data-unkept]") ?? [])].map(({ name }) => name);
  const skipped = new Set(["csrfmiddlewaretoken", ...unkept]);
  const key = form ? `form:${form.dataset.keep}` : "";

  const attempt = (action, otherwise = null) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  // form-files.js keeps files
  const typed = () => [...new FormData(form)].filter(
    ([name, value]) => !skipped.has(name) && typeof value === "string");
  const keep = () => attempt(() => localStorage.setItem(key, JSON.stringify(typed())));
  const forget = (name) => attempt(() => localStorage.removeItem(name));

  const here = () => window.location.href.split("#")[0];

  /* What was sent was saved when the page that answers is another one, or says so. A page that
     somebody came to by signing in, or by its address, answers nothing. */
  const settle = () => {
    const sent = attempt(() => JSON.parse(sessionStorage.getItem(SENT)));
    attempt(() => sessionStorage.removeItem(SENT));
    if (sent?.from !== document.referrer) return;
    if (sent.key !== key || document.querySelector("[role=status]")) forget(sent.key);
  };

  const addRows = (values) => form.querySelectorAll("[data-rows]").forEach((rows) => {
    const total = rows.querySelector("[name$='-TOTAL_FORMS']");
    const add = rows.querySelector("[data-add]");
    for (let n = Number(total.value); n < Number(values.get(total.name)); n += 1) add.click();
  });

  /* What was ticked on another page of a long list comes back by its value. */
  const addTicks = (pairs) => form.querySelectorAll("[data-ticks]").forEach((list) => {
    const there = new Set([...form.elements].filter(({ name }) => name === list.dataset.ticks).map(({ value }) => value));
    pairs.filter(([name, value]) => name === list.dataset.ticks && !there.has(value)).forEach(([name, value]) => {
      const [label, box] = [document.createElement("label"), document.createElement("input")];
      Object.assign(box, { type: "checkbox", className: "form-check-input", name, value });
      label.append(box, ` ${value}`);
      list.append(label);
    });
  });

  const fill = (pairs) => {
    const ticked = new Set(pairs.map((pair) => JSON.stringify(pair)));
    const left = new Map(); // several fields may have one name: each takes the next value of it
    pairs.forEach(([name, value]) => left.set(name, [...(left.get(name) ?? []), value]));
    addRows(new Map(pairs));
    addTicks(pairs);
    [...form.elements].forEach((field) => {
      if (!field.name || skipped.has(field.name) || ["submit", "file"].includes(field.type)) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = ticked.has(JSON.stringify([field.name, field.value]));
      else if (left.get(field.name)?.length) field.value = left.get(field.name).shift();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    form.dataset.dirty = "yes";
  };

  const restore = () => {
    const kept = attempt(() => localStorage.getItem(key));
    if (!kept || kept === JSON.stringify(typed()) || document.querySelector("main [role=alert]")) return;
    fill(JSON.parse(kept));
    document.querySelector("[data-restored]").hidden = false;
  };

  window.formKeep = { forget: ({ dataset }) => forget(`form:${dataset.keep}`) };

  /* Somebody's signature does not stay on a device that others use as well. */
  document.addEventListener("submit", ({ target }) => {
    if (!target.action?.endsWith("/accounts/logout/")) return;
    const names = attempt(() => Object.keys(localStorage), []);
    names.filter((name) => name.startsWith("form:sign:")).forEach(forget);
  });

  settle();
  if (!form) return;
  if ("asSent" in form.dataset) keep(); // nothing was saved, and all of it is here
  else restore();
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => attempt(
    () => sessionStorage.setItem(SENT, JSON.stringify({ key, from: here() }))));
  document.querySelector("[data-forget]").addEventListener("click", () => {
    forget(key);
    form.dataset.dirty = "";
    window.location.reload();
  });
})();
