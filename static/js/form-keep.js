/* What is typed or chosen in forms (data-keep) and not saved yet stays on this device: a reload,
   a lost connection or an expired session loses nothing. The page that follows a save forgets it,
   whichever it is, so every page loads this. */
(() => {
  const forms = [...document.querySelectorAll("form[data-keep]")];
  const SENT = "form:sent";
  const keyOf = ({ dataset }) => `form:${dataset.keep}`;
  // keys and secrets (data-unkept) never stay on a device
  const unkept = [...document.querySelectorAll("form[data-keep] [data-unkept]")].map(({ name }) => name);
  const skipped = new Set(["csrfmiddlewaretoken", ...unkept]);

  const attempt = (action, otherwise = null) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  // form-files.js keeps files
  const typed = (form) => [...new FormData(form)].filter(
    ([name, value]) => !skipped.has(name) && typeof value === "string");
  const keep = (form) => attempt(() => localStorage.setItem(keyOf(form), JSON.stringify(typed(form))));
  const forget = (name) => attempt(() => localStorage.removeItem(name));

  const here = () => window.location.href.split("#")[0];

  /* What was sent was saved when the page that answers is another one, or says so. A page that
     somebody came to by signing in, or by its address, answers nothing. */
  const settle = () => {
    const sent = attempt(() => JSON.parse(sessionStorage.getItem(SENT)));
    attempt(() => sessionStorage.removeItem(SENT));
    if (sent?.from !== document.referrer) return;
    if (!forms.some((form) => keyOf(form) === sent.key) || document.querySelector("[role=status]")) forget(sent.key);
  };

  const addRows = (form, values) => form.querySelectorAll("[data-rows]").forEach((rows) => {
    const total = rows.querySelector("[name$='-TOTAL_FORMS']");
    const add = rows.querySelector("[data-add]");
    for (let n = Number(total.value); n < Number(values.get(total.name)); n += 1) add.click();
  });

  /* What was ticked on another page of a long list comes back by its value. */
  const addTicks = (form, pairs) => form.querySelectorAll("[data-ticks]").forEach((list) => {
    const there = new Set([...form.elements].filter(({ name }) => name === list.dataset.ticks).map(({ value }) => value));
    pairs.filter(([name, value]) => name === list.dataset.ticks && !there.has(value)).forEach(([name, value]) => {
      const [label, box] = [document.createElement("label"), document.createElement("input")];
      Object.assign(box, { type: "checkbox", className: "form-check-input", name, value });
      label.append(box, ` ${value}`);
      list.append(label);
    });
  });

  const fill = (form, pairs) => {
    const ticked = new Set(pairs.map((pair) => JSON.stringify(pair)));
    const left = new Map(); // several fields may have one name: each takes the next value of it
    pairs.forEach(([name, value]) => left.set(name, [...(left.get(name) ?? []), value]));
    addRows(form, new Map(pairs));
    addTicks(form, pairs);
    [...form.elements].forEach((field) => {
      if (!field.name || skipped.has(field.name) || ["submit", "file"].includes(field.type)) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = ticked.has(JSON.stringify([field.name, field.value]));
      else if (left.get(field.name)?.length) field.value = left.get(field.name).shift();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    if ("guard" in form.dataset) form.dataset.dirty = "yes";
  };

  /* In the form, else the nearest one before it, which several forms may share. */
  const noteOf = (form) => form.querySelector("[data-restored]") ?? [...document.querySelectorAll("[data-restored]")]
    .filter((note) => !note.closest("form") && note.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);

  /* What was refused comes back as it was sent. */
  const isAnswered = (form) => [...document.querySelectorAll("main [role=alert]")]
    .some((alert) => [form, null].includes(alert.closest("form[data-keep]")));

  const restored = new Set();
  function restore(form) {
    const kept = attempt(() => localStorage.getItem(keyOf(form)));
    if (!kept || kept === JSON.stringify(typed(form)) || isAnswered(form)) return;
    fill(form, JSON.parse(kept));
    restored.add(form);
    if (form.closest("details")) form.closest("details").open = true;
    if (noteOf(form)) noteOf(form).hidden = false;
  }

  window.formKeep = { forget: (form) => forget(keyOf(form)) };

  /* Somebody's signature does not stay on a device that others use as well. */
  document.addEventListener("submit", ({ target }) => {
    if (!target.action?.endsWith("/accounts/logout/")) return;
    const names = attempt(() => Object.keys(localStorage), []);
    names.filter((name) => name.startsWith("form:sign:")).forEach(forget);
  });

  settle();
  for (const form of forms) {
    if ("asSent" in form.dataset) keep(form); // nothing was saved, and all of it is here
    else restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => attempt(
      () => sessionStorage.setItem(SENT, JSON.stringify({ key: keyOf(form), from: here() }))));
  }
  document.querySelectorAll("[data-forget]").forEach((button) => button.addEventListener("click", () => {
    const own = [...restored].filter((form) => noteOf(form)?.contains(button));
    own.forEach((form) => {
      forget(keyOf(form));
      form.dataset.dirty = "";
    });
    window.location.reload();
  }));
})();
