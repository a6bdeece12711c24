/* One line's editor: saves itself while somebody types, shows what is wrong or missing, and
   both versions when somebody else changed the line meanwhile. */
window.planEditor = (() => {
  const DELAY = 800; // milliseconds without a key before a save
  const NAMES = ["problem", "measure", "source", "specialty", "responsible", "due"];
  const { say, send, show } = window.planSending;
  const drafts = window.planDrafts;
  const words = document.getElementById("saving").dataset;
  const notes = new WeakMap(); // editor -> {timer, queued, unanswered}

  const note = (li) => notes.get(li) || notes.set(li, {}).get(li);
  const inputs = (li, name) => [...li.querySelectorAll(`[name="${li.dataset.line}-${name}"]`)];
  const start = (li, name) => li.querySelector(`[name="initial-${li.dataset.line}-${name}"]`);
  const revision = (li) => inputs(li, "revision")[0];
  const even = (text) => text.replaceAll("\r\n", "\n");

  const value = (li, name) => {
    const [first] = inputs(li, name);
    if (first.type !== "radio") return even(first.value);
    return inputs(li, name).find((radio) => radio.checked)?.value || "";
  };

  const put = (li, name, text) => inputs(li, name).forEach((input) => {
    if (input.type === "radio") input.checked = input.value === text;
    else input.value = text;
  });

  const values = (li) => Object.fromEntries(NAMES.map((name) => [name, value(li, name)]));
  const bases = (li) => Object.fromEntries(NAMES.map((name) => [name, even(start(li, name).value)]));
  const changed = (li) => NAMES.filter((name) => value(li, name) !== even(start(li, name).value));

  const body = (id, seen, base, mine, verb) => {
    const data = new FormData();
    data.append("do", verb);
    data.append("line", id);
    data.append(`${id}-revision`, seen);
    Object.entries(mine).forEach(([name, text]) => data.append(`${id}-${name}`, text));
    Object.entries(base).forEach(([name, text]) => data.append(`initial-${id}-${name}`, text));
    return data;
  };

  /* Beside each field: what is wrong with it, else that it is still missing. */
  const mark = (li, errors = null) => NAMES.forEach((name) => {
    const field = inputs(li, name)[0].closest("[data-field]");
    const error = field.querySelector("[data-error]");
    const wrong = errors ? errors[`${li.dataset.line}-${name}`] : "";
    if (errors) {
      error.textContent = wrong || "";
      error.hidden = !wrong;
    }
    const empty = !value(li, name).trim();
    field.querySelector("[data-missing]").hidden = !empty || !error.hidden;
    field.classList.toggle("field-warn", empty && field.tagName !== "FIELDSET");
    markDay(li, field);
  });

  const markDay = (li, field) => {
    const phase = field.querySelector("[data-phase]");
    if (!phase) return;
    const day = value(li, "due");
    phase.classList.toggle("text-warn",
      Boolean(day) && (day < phase.dataset.from || day > phase.dataset.to));
  };

  const remember = (li) => {
    const id = `line:${li.dataset.line}`;
    if (!changed(li).length) drafts.drop(id);
    else drafts.keep(id, { revision: revision(li).value, base: bases(li), mine: values(li) });
  };

  /* What this page sent is what the line started from now on, save for what was wrong. */
  const take = (li, sent, line) => {
    NAMES.filter((name) => !line.errors[`${li.dataset.line}-${name}`])
      .forEach((name) => { start(li, name).value = sent[name]; });
    revision(li).value = line.revision;
    li.dataset.revision = line.revision;
    mark(li, line.errors);
    remember(li);
    if (Object.keys(line.errors).length) say(words.wrong, "text-warn");
  };

  /* An answer got lost and what "somebody" changed is what this page had sent before. */
  const isOwn = (li, before, now) => before
    && NAMES.every((name) => even(now[`${li.dataset.line}-${name}`]) === before[name]);

  const settle = (li, sent, before, answer) => {
    const line = answer.lines[li.dataset.line];
    if (!line) return false;
    if (line.both && isOwn(li, before, line.now)) {
      take(li, before, { revision: line.revision, errors: {} });
      save(li);
      return false;
    }
    if (line.both) {
      li.outerHTML = line.both;
      say(words.conflict, "text-warn");
      return false;
    }
    if (!answer.refused) take(li, sent, line);
    return !answer.refused && !Object.keys(line.errors).length;
  };

  /* Resolves to the answer once everything typed is saved, else to null. */
  const save = async (li, verb = "save") => {
    const state = note(li);
    clearTimeout(state.timer);
    if (state.queued && verb === "save") return null;
    state.queued = true;
    let sent, before;
    const answer = await send(() => {
      state.queued = false;
      if (!li.isConnected || (verb === "save" && !changed(li).length)) return null;
      before = state.unanswered;
      sent = state.unanswered = values(li);
      return body(li.dataset.line, revision(li).value, bases(li), sent, verb);
    });
    if (!answer) return null;
    state.unanswered = null;
    show(answer);
    return settle(li, sent, before, answer) ? answer : null;
  };

  const later = (li, time = DELAY) => {
    const state = note(li);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(li), time);
  };

  const typed = (event) => {
    const li = event.target.closest("[data-editor]");
    if (!li) return;
    mark(li);
    remember(li);
    later(li, event.type === "change" ? 0 : DELAY);
  };

  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) document.querySelectorAll("[data-editor]").forEach((li) => save(li));
  });

  return {
    save,
    body,
    /* Words found on this device go back into their line, as of the version they were typed on. */
    restore(li, draft) {
      revision(li).value = draft.revision;
      NAMES.forEach((name) => {
        put(li, name, draft.mine[name]);
        start(li, name).value = draft.base[name];
      });
      mark(li);
      return save(li);
    },
  };
})();
