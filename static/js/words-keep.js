/* What is typed or chosen in a form stays on this device until the form was sent and answered: a
   reload, a lost connection or an expired session loses nothing. Files can't be kept; how many
   were chosen is said beside their button. */
(() => {
  "use strict";
  const SKIPPED = new Set(["hidden", "file", "submit"]);
  const reach = (action) => {
    try {
      return action();
    } catch {
      return null; // storage is full or forbidden: the page still works, it just can't keep
    }
  };
  const isAnswered = Boolean(document.querySelector("main [role=status]"));

  document.querySelectorAll("form[data-keep-words]").forEach((form) => {
    const key = `words:${form.dataset.keepWords}`;
    const fields = () => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));
    const isBox = (field) => field.type === "radio" || field.type === "checkbox";
    const typed = () => fields().map((field) => (isBox(field) ? field.checked : field.value));

    function fill(values) {
      fields().forEach((field, n) => {
        if (isBox(field)) field.checked = Boolean(values[n]);
        else field.value = values[n] ?? "";
      });
    }

    const kept = reach(() => JSON.parse(localStorage.getItem(key)));
    if (isAnswered) reach(() => localStorage.removeItem(key));
    else if (kept?.length === fields().length && !form.querySelector("[role=alert], .form-error")) fill(kept);
    form.addEventListener("input", () => reach(() => localStorage.setItem(key, JSON.stringify(typed()))));
    form.addEventListener("change", ({ target }) => {
      if (target.type !== "file") return;
      target.parentElement.querySelector("[data-chosen]").textContent = target.files.length
        ? target.dataset.counts.replace("#", target.files.length) : "";
    });
  });
})();
