/* Each tap on the sheet becomes an entry at once; what is typed, when it rests for a moment. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;
  const REST = 700;
  const timers = new Map();
  const wrong = new Set(); // rows with an amount that cannot be saved

  const itemOf = (element) => number(card(element)?.dataset.item);
  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));

  const newId = window.outbox.newId;
  const number = (text) => (text ? Number(text) : null);
  const now = () => new Date().toISOString();

  const card = (element) => element.closest("[data-item]");
  const nameOf = (element) => card(element)?.querySelector("h3")?.textContent.trim() ?? element.closest("[data-part]").querySelector("h2").textContent;
  const typed = (row) => {
    const data = new FormData(row);
    const read = (name) => data.get(name) ?? "";
    return { points: read("points"), count: read("count"), method: read("method"), note: read("note").trim() };
  };

  /* --- a row: a requirement, or a rule of the item ---------------------------------------------------------------- */

  const keyOf = (row) => row.getAttribute("id").slice("req-".length); // a field of a row in full is named id
  /* What a tap costs and what may be chosen: a rule says it itself, of requirements the card. */
  const terms = (row) => (row.dataset.rule ? row : card(row)).dataset;
  const figure = (row, { points, count }) => `−${points || terms(row).first}${count > 1 ? ` × ${count}` : ""}`;
  const aboutRow = (row) => row.querySelector(".req-line > span").textContent;

  /* A row gets its editor, a copy of the page's pattern, when it is first needed. */
  function editor(row) {
    const box = row.querySelector(".req-edit");
    const place = box.querySelector(".deduct");
    if (!place.childElementCount) {
      place.append(document.getElementById("editor").content.cloneNode(true));
      fill(row, place);
    }
    const kept = row.querySelector(":scope > .shots-kept");
    if (kept) place.querySelector(".shots").prepend(kept);
    return box;
  }

  function fill(row, place) {
    fillCost(place, terms(row));
    place.querySelectorAll("[aria-label*='#']").forEach((part) => {
      part.setAttribute("aria-label", part.getAttribute("aria-label").replace("#", row.dataset.name));
    });
    place.querySelectorAll("label[for]").forEach((label) => {
      const field = place.querySelector(`[id="${label.htmlFor}"]`);
      label.htmlFor = field.id = `${field.name}-${keyOf(row)}`;
    });
    const { points = terms(row).first, count = "1", method = root.dataset.method, note = "" } = row.dataset;
    set(row, { points, count, method, note });
    row.dataset.content = row.dataset.observation ? JSON.stringify(typed(row)) : "";
  }

  /* Of the pattern stays what the rule asks for. */
  function fillCost(place, { low, high, range, each, levels }) {
    const [amount, counted, chips] = ["amount", "counted", "levels"].map((name) => place.querySelector(`[data-${name}]`));
    if (low) {
      amount.querySelector("label").textContent = range;
      Object.assign(amount.querySelector("input"), { min: low, max: high });
    } else amount.remove();
    if (each) counted.querySelector("[data-each]").textContent = each;
    else counted.remove();
    if (levels) chips.querySelector(".pick").append(...JSON.parse(levels).map(chip));
    else chips.remove();
  }

  function chip([value, words, cost]) {
    const label = document.getElementById("level").content.cloneNode(true).firstElementChild;
    label.querySelector("input").value = value;
    label.querySelector("b").textContent = words;
    label.querySelector("small").textContent = cost;
    return label;
  }

  const set = (row, values) => Object.entries(values).forEach(([name, value]) => {
    if (row.elements[name]) row.elements[name].value = value;
  });

  function complain(row, text, beside = null) {
    const place = row.querySelector("[data-refused]");
    place.textContent = text;
    place.hidden = !text;
    if (beside) beside.after(place);
    else row.append(place);
  }

  function isSound(row) {
    const figures = [...row.querySelectorAll("input[type=number]")];
    const bad = figures.find((field) => !field.checkValidity());
    const sound = !bad;
    if (bad) complain(row, bad.dataset.bounds ?? terms(row).bounds, bad.closest(".stepper"));
    else complain(row, "");
    wrong[sound ? "delete" : "add"](row);
    tellOpen();
    return sound;
  }

  /* Nothing that was typed may look saved before it is. */
  function rest(row, timer = 0) {
    clearTimeout(timers.get(row));
    timers.delete(row);
    if (timer) timers.set(row, timer);
    tellOpen();
  }

  const tellOpen = () => tell("typing", { active: timers.size > 0, wrong: wrong.size });

  function save(row, again = false) {
    rest(row);
    const fields = typed(row);
    const content = JSON.stringify(fields);
    const same = row.dataset.observation && row.dataset.content === content;
    if (!row.elements.missing.checked || !isSound(row) || (same && !again)) return;
    const id = newId();
    const event = {
      do: "observe", observed_at: now(), item: itemOf(row), ...subject(row), points: fields.points || null,
      count: Number(fields.count || 1), method: fields.method, note: fields.note,
      replaces: again ? null : row.dataset.observation || null,
    };
    tell("entry", { id, item: event.item, event, instead: takeRefused(row),
      label: { what: nameOf(row), about: aboutRow(row), figure: figure(row, fields) } });
    row.dataset.observation = id;
    row.dataset.content = content;
    useNext(fields.method);
  }

  const subject = ({ dataset: { rule, requirement } }) => ({ requirement: rule ? null : number(requirement), rule: number(rule) });

  /* The refused entry of a row, which the next one corrects. */
  function takeRefused(row) {
    const { refused } = row.dataset;
    delete row.dataset.refused;
    return refused;
  }

  /* The method of the last entry is the likely one of the next. */
  function useNext(method) {
    root.dataset.method = method;
    root.querySelectorAll("form.req").forEach((row) => {
      if (row.elements.method && !row.elements.missing.checked) row.elements.method.value = method;
    });
  }

  function withdraw(row) {
    wrong.delete(row);
    rest(row);
    complain(row, "");
    if (row.dataset.refused) tell("drop", { id: takeRefused(row) });
    if (!row.dataset.observation) return;
    tell("entry", {
      id: newId(), item: itemOf(row), event: { do: "withdraw", observed_at: now(), observation: row.dataset.observation },
      label: { what: nameOf(row), about: aboutRow(row) },
    });
    row.dataset.observation = "";
  }

  function later(row) {
    if (!row.elements.missing.checked) return;
    rest(row, setTimeout(() => save(row), REST));
  }

  root.addEventListener("change", ({ target }) => {
    const row = target.closest("form.req");
    if (!row) return;
    if (target.name === "missing" && target.checked) editor(row).open = true;
    if (target.name === "missing") return void (target.checked ? save(row) : withdraw(row));
    if (target.name === "method" || (target.name === "points" && target.type === "radio")) save(row);
    if (target.name === "photos") pick(row, target);
  });
  root.addEventListener("toggle", ({ target }) => {
    if (target.matches(".req-edit") && target.open) editor(target.closest("form.req"));
  }, true);
  root.addEventListener("input", ({ target }) => {
    if (["points", "count", "note"].includes(target.name) && target.form.matches(".req")) later(target.form);
  });
  root.addEventListener("focusout", ({ target }) => {
    if (target.form && timers.has(target.form)) save(target.form);
  });
  const saveAll = () => [...timers.keys()].forEach((row) => save(row));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
  window.addEventListener("pagehide", saveAll);

  /* --- pictures --------------------------------------------------------------------------- */

  function pick(row, input) {
    if (!row.dataset.observation || timers.has(row)) save(row);
    if (row.dataset.observation) {
      [...input.files].forEach((file) => tell("picked", { row, file }));
    }
    input.value = "";
  }

  root.addEventListener("pictured", ({ detail: { row, photo } }) => {
    if (!row.dataset.observation) return; // taken back while the picture was made small
    const op = {
      id: newId(), item: itemOf(row), ...carried(photo, row.dataset.observation),
      label: { what: nameOf(row), about: aboutRow(row), figure: photo.name },
    };
    draw(row, op.id, photo);
    tell("entry", op);
  });

  /* Without a digest (no secure page) a picture goes as a form sends it. */
  const carried = ({ blob, name, ...facts }, observation) => facts.sha256
    ? { photo: { ...facts, blob, name, observation } }
    : { form: { url: root.dataset.entry, fields: { do: "photos", observation }, file: blob, name } };

  function draw(row, id, { blob, layer = [] }) {
    const shot = document.getElementById("shot-waiting").content.cloneNode(true).firstElementChild;
    shot.dataset.op = id;
    const picture = shot.querySelector("img");
    picture.src = shot.querySelector("a").href = URL.createObjectURL(blob);
    Object.assign(picture.dataset, { layer: JSON.stringify(layer), waiting: id });
    editor(row).querySelector(".shot-add").before(shot);
  }

  /* --- everything else: one form, one move -------------------------------------------------- */

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form.req, form.move")) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.matches("form.req")) return void save(form, event.submitter?.name === "again");
    const id = newId();
    const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
    form.dataset.op = id;
    form.querySelector("button").disabled = true;
    tell("entry", { id, item: itemOf(form), ...moveOf(form, id, fields), label: { do: fields.do, what: nameOf(form), about: fields.note ?? "" } });
    if (!["withdraw", "take_up"].includes(fields.do) && card(form)) card(form).querySelector(".item-box").open = false;
  });

  function moveOf(form, id, fields) {
    if (fields.do === "take_up") return { form: { url: root.dataset.entry, fields: { ...fields, id } } };
    const event = { do: fields.do, observed_at: now() };
    if (fields.do === "withdraw") return { event: { ...event, observation: fields.observation } };
    if (fields.do === "confirm") return { event: { ...event, items: fields.item ? [itemOf(form)] : leftIn(form) } };
    return { event: { ...event, item: itemOf(form), count: 1, method: "", note: fields.note } };
  }

  /* The items of a section that nobody looked at, here or on the record. */
  const leftIn = (form) => [...form.closest("[data-part]").querySelectorAll("[data-item]")]
    .filter((item) => item.querySelector("[data-open]") && !item.matches(".is-unsent, :has(.req .switch:checked)"))
    .map(itemOf);

  root.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close) {
      save(close.form);
      editor(close.form).open = false;
    }
    const open = event.target.closest("[data-open]");
    if (open) {
      event.preventDefault();
      const box = card(open).querySelector(".item-box");
      box.open = true;
      box.querySelector("summary").focus({ preventScroll: true });
    }
  });

  /* --- what became of an entry --------------------------------------------------------------- */

  const isSeen = (op) => op.event?.do === "observe";
  function rowOf(op) {
    if (op.item) window.sheetCards.build(root.querySelector(`[data-item="${op.item}"]`));
    return findRow(op);
  }

  const findRow = (op) => isSeen(op)
    ? document.getElementById(op.event.rule ? `req-r${op.event.rule}` : `req-${op.event.requirement}`)
    : root.querySelector(`form.req[data-observation="${op.event?.observation ?? op.photo?.observation}"]`);

  root.addEventListener("sent", ({ detail: { op } }) => {
    root.querySelector(`.shot[data-op="${op.id}"]`)?.remove();
    root.querySelector(`form.move[data-op="${op.id}"]`)?.reset();
    const row = isSeen(op) && rowOf(op);
    if (row) row.dataset.accepted = op.id;
  });

  /* A refused row goes back to what is on record, and keeps what was typed for another try. */
  root.addEventListener("refused", ({ detail: { op } }) => {
    const form = root.querySelector(`form.move[data-op="${op.id}"]`);
    if (form) form.querySelector("button").disabled = false;
    const row = rowOf(op);
    if (!row) return;
    complain(row, op.refused.detail);
    if (row.dataset.observation === op.id) refuse(row, op);
  });

  function refuse(row, op) {
    row.dataset.observation = row.dataset.accepted ?? "";
    row.dataset.content = "";
    row.dataset.refused = op.id;
  }

  /* Left from before the page was closed: show it as it was entered. */
  root.addEventListener("waiting", ({ detail: { op } }) => {
    const row = rowOf(op);
    if (!row || op.form) return;
    if (op.photo) return draw(row, op.id, op.photo);
    row.elements.missing.checked = isSeen(op);
    row.dataset.observation = isSeen(op) ? op.id : "";
    if (!isSeen(op)) return;
    editor(row).open = true;
    const { points, count, method, note } = op.event;
    set(row, { points: points ?? "", count, method, note: note ?? "" });
    row.dataset.content = JSON.stringify(typed(row));
    if (!op.refused) return;
    complain(row, op.refused.detail);
    refuse(row, op);
  });

  root.querySelectorAll("form.req").forEach((row) => {
    row.dataset.accepted = row.dataset.observation;
    if (row.elements.method) row.dataset.content = JSON.stringify(typed(row));
    if (!row.elements.missing.checked) row.querySelector(".req-edit").open = false;
  });
})();
