/* Forms that save themselves while somebody types (data-autosave): what is typed stays on this
   device until the server has it, and two people's versions are both shown. */
(() => {
  const DELAY = 800; // milliseconds without a key before a save
  const { say, send, show } = window.planSending;
  const drafts = window.planDrafts;
  const words = document.getElementById("saving").dataset;
  const notes = new WeakMap(); // form -> {timer, queued, unanswered}

  const note = (form) => notes.get(form) || notes.set(form, {}).get(form);
  const even = (text) => text.replaceAll("\r\n", "\n");
  const start = (form, name) => form.elements.namedItem(`initial-${name}`);
  const names = (form) => [...form.elements].map((field) => field.name)
    .filter((name) => name && start(form, name));
  const read = (form, get) => Object.fromEntries(names(form).map((name) => [name, even(get(name))]));
  const values = (form) => read(form, (name) => form.elements.namedItem(name).value);
  const bases = (form) => read(form, (name) => start(form, name).value);
  const changed = (form) => {
    const base = bases(form);
    return Object.entries(values(form)).some(([name, text]) => text !== base[name]);
  };

  const put = (form, mine, base, revision) => {
    Object.entries(mine).forEach(([name, text]) => {
      if (form.elements.namedItem(name)) form.elements.namedItem(name).value = text;
    });
    Object.entries(base).forEach(([name, text]) => { if (start(form, name)) start(form, name).value = text; });
    form.elements.revision.value = revision;
  };

  const remember = (form) => {
    if (!changed(form)) drafts.drop(form.id);
    else drafts.keep(form.id, { revision: form.elements.revision.value, base: bases(form), mine: values(form) });
  };

  const mark = (form, errors) => names(form).forEach((name) => {
    const place = form.elements.namedItem(name).closest("[data-field]").querySelector("[data-error]");
    place.textContent = errors[name] || "";
    place.hidden = !errors[name];
  });

  /* What this page sent is what the form started from now on, save for what was wrong. */
  const take = (form, sent, answer) => {
    const base = bases(form);
    Object.keys(sent).filter((name) => !answer.errors[name]).forEach((name) => { base[name] = sent[name]; });
    put(form, {}, base, answer.revision);
    mark(form, answer.errors);
    remember(form);
    if (Object.keys(answer.errors).length) say(words.wrong, "text-warn");
  };

  /* An answer got lost and what "somebody" changed is what this page had sent before. */
  const isOwn = (form, before, now) => before && Object.entries(now)
    .every(([name, text]) => even(text) === before[`${form.id}-${name}`]);

  const settle = (form, sent, before, answer) => {
    if (answer.both && isOwn(form, before, answer.now)) {
      take(form, before, { revision: answer.revision, errors: {} });
      save(form);
    } else if (answer.both) {
      form.outerHTML = answer.both;
      say(words.conflict, "text-warn");
    } else if (!answer.refused) take(form, sent, answer);
  };

  const save = async (form) => {
    const state = note(form);
    clearTimeout(state.timer);
    if (state.queued) return;
    state.queued = true;
    let sent, before;
    const answer = await send(() => {
      state.queued = false;
      if (!form.isConnected || !changed(form)) return null;
      before = state.unanswered;
      sent = state.unanswered = values(form);
      return new FormData(form);
    });
    if (!answer) return;
    state.unanswered = null;
    show(answer);
    settle(form, sent, before, answer);
  };

  const typed = (event) => {
    const form = event.target.closest("form[data-autosave]");
    if (!form) return;
    remember(form);
    const state = note(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), event.type === "change" ? 0 : DELAY);
  };

  /* The chosen versions stand on theirs from now on; whatever becomes of the page, they are kept. */
  const choose = (form) => {
    const taken = (name) => form.querySelector(`[name="take-${name}"]:checked`)?.value === "mine";
    const base = bases(form);
    const mine = Object.fromEntries(Object.entries(values(form))
      .map(([name, text]) => [name, taken(name) ? text : base[name]]));
    drafts.keep(form.id, { revision: form.elements.revision.value, base, mine });
  };

  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-both]")) choose(event.target);
    if (!event.target.matches("form[data-autosave]")) return;
    event.preventDefault();
    delete event.target.dataset.sent;
    save(event.target);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) document.querySelectorAll("form[data-autosave]").forEach(save);
  });

  document.querySelectorAll("[data-save]").forEach((acts) => { acts.hidden = true; });
  const found = drafts.all().filter(([key]) => document.getElementById(key)?.matches("[data-autosave]"));
  found.forEach(([key, draft]) => {
    const form = document.getElementById(key);
    const now = values(form);
    if (Object.entries(draft.mine).every(([name, text]) => now[name] === text)) drafts.drop(key);
    else {
      put(form, draft.mine, draft.base, draft.revision);
      say(words.restored);
      save(form);
    }
  });
})();
