/* Rows of an item's form: add, move, empty one; what a rule's kind has no use for is put away.
   Without scripts every row has its number to type, and two rows are always spare. */
(() => {
  const PRICE = "each:";
  const WHOLE = "lose_item";

  const number = (list) => [...list.children].forEach((row, place) => {
    row.querySelector("[name$='-order']").value = place + 1;
  });

  const fit = (row) => {
    const kind = row.querySelector("select[name$='-kind']");
    if (!kind) return;
    const hide = (part, idle) => row.querySelector(part).classList.toggle("row-idle", idle);
    const price = kind.value.startsWith(PRICE);
    hide("[data-amount]", [WHOLE, ""].includes(kind.value) && !row.querySelector(".row-error"));
    hide("[data-occasion]", price && !row.querySelector("textarea").value);
  };

  const add = (rows) => {
    const total = rows.querySelector("[name$='-TOTAL_FORMS']");
    const html = rows.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const list = rows.querySelector("[data-list]");
    list.insertAdjacentHTML("beforeend", html);
    total.value = Number(total.value) + 1;
    enliven(list.lastElementChild);
    number(list);
    list.lastElementChild.querySelector("select, textarea").focus();
  };

  const told = (row) => row.dispatchEvent(new Event("input", { bubbles: true }));

  /* A row that goes is emptied and kept: the form counts its rows. */
  const drop = (row) => {
    row.querySelectorAll("input, textarea, select").forEach((field) => { field.value = ""; });
    row.hidden = true;
    told(row);
  };

  const move = (row, step) => {
    const others = [...row.parentElement.children].filter((each) => !each.hidden);
    const other = others[others.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    number(row.parentElement);
    told(row);
  };

  const enliven = (row) => {
    row.querySelector("[data-acts]").hidden = false;
    fit(row);
  };

  const start = (form) => {
    form.classList.add("item-live");
    form.querySelectorAll("[data-row]").forEach(enliven);
    form.querySelectorAll("[data-add]").forEach((button) => { button.hidden = false; });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-item-form] button[type=button]");
    if (!button) return;
    const row = button.closest("[data-row]");
    if ("add" in button.dataset) add(button.closest("[data-rows]"));
    if ("up" in button.dataset) move(row, -1);
    if ("down" in button.dataset) move(row, 1);
    if ("drop" in button.dataset) drop(row);
    if (row && !row.hidden) button.focus();
  });

  document.addEventListener("change", (event) => {
    const row = event.target.closest("[data-item-form] [data-row]");
    if (row) fit(row);
  });

  const find = (place) => place.querySelectorAll("[data-item-form]:not(.item-live)").forEach(start);
  find(document);
  document.addEventListener("rubric:opened", (event) => find(event.target));
})();
