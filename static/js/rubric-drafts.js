/* What was typed on a review and is not saved yet, kept on this device: a reload, a lost
   connection or an expired session loses nothing. Forms that want it have data-draft. */
window.rubricDrafts = (() => {
  const page = document.getElementById("review-page").dataset;
  const prefix = `review:${page.reader}:${page.address}:`;
  const skipped = new Set(["csrfmiddlewaretoken"]);

  const attempt = (action, otherwise) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  const keep = (form) => {
    const typed = [...new FormData(form)].filter(([name]) => !skipped.has(name));
    attempt(() => sessionStorage.setItem(prefix + form.id, JSON.stringify(typed)));
  };

  const drop = (form) => attempt(() => sessionStorage.removeItem(prefix + form.id));

  /* Rows that were added to an item's form stand there again before they are filled in. */
  const addRows = (form, values) => form.querySelectorAll("[name$='-TOTAL_FORMS']").forEach((total) => {
    const add = total.closest("[data-rows]")?.querySelector("[data-add]");
    for (let n = Number(total.value); add && n < Number(values.get(total.name)); n += 1) add.click();
  });

  const fill = (form, typed) => {
    const values = new Map(typed);
    addRows(form, values);
    [...form.elements].forEach((field) => {
      if (!field.name || skipped.has(field.name) || field.type === "submit") return;
      if (field.type === "checkbox") field.checked = values.has(field.name);
      else if (values.has(field.name)) field.value = values.get(field.name);
    });
    form.dataset.dirty = "yes";
  };

  /* Ids of forms with something kept; those that stand on the page are filled in. */
  const restore = () => attempt(() => Object.keys(sessionStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const id = key.slice(prefix.length);
      const form = document.getElementById(id);
      if (form) fill(form, JSON.parse(sessionStorage.getItem(key)));
      return id;
    }), []);

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) keep(form);
  });

  return { keep, drop, restore };
})();
