/* Words that people used before for a requirement, beside its note: a tap puts one in, to be changed. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const known = document.getElementById("phrases");
  if (!root?.dataset.entry || !known) return;
  const phrases = JSON.parse(known.textContent);
  const JOINT = document.documentElement.lang.startsWith("zh") ? "；" : "; ";

  function offer(row) {
    const words = phrases[row.getAttribute("id").slice("req-".length)];
    const field = row.querySelector("textarea[name=note]");
    if (!words || !field || row.querySelector(".phrases")) return;
    const group = document.getElementById("phrases-group").content.cloneNode(true).firstElementChild;
    words.forEach((text) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn", textContent: text });
      button.addEventListener("click", () => put(field, text));
      group.append(button);
    });
    field.before(group);
  }

  function put(field, text) {
    const typed = field.value.trim();
    const both = typed.includes(text) ? typed : [typed, text].filter(Boolean).join(JOINT);
    if (both.length > field.maxLength) return;
    field.value = both;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  root.addEventListener("toggle", ({ target }) => {
    if (target.matches(".req-edit") && target.open) offer(target.closest("form.req"));
  }, true);
  root.querySelectorAll(".req-edit[open]").forEach((box) => offer(box.closest("form.req")));
})();
