/* The list of a plan: lines are added, opened, closed, removed and taken up without leaving the
   page; every button is an ordinary one of the form underneath. */
(() => {
  const page = document.getElementById("plan").dataset;
  const list = document.getElementById("lines");
  const text = document.getElementById("new");
  const words = document.getElementById("saving").dataset;
  const { say, send, show } = window.planSending;
  const editor = window.planEditor;
  const drafts = window.planDrafts;

  const lineOf = (id) => list.querySelector(`[data-line="${id}"]`);
  const draw = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  };

  const renumber = () => {
    [...list.children].forEach((li, index) => {
      const place = li.querySelector("[data-number]");
      if (place) place.textContent = index + 1;
    });
    document.querySelector("[data-empty]")?.toggleAttribute("hidden", list.children.length > 0);
  };

  const newId = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => (
    digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

  const order = (verb, more = {}) => {
    const data = new FormData();
    data.append("do", verb);
    Object.entries(more).forEach(([name, value]) => data.append(name, value));
    return data;
  };

  const place = (html, li = null) => {
    const drawn = draw(html);
    const standing = li || lineOf(drawn.dataset.line);
    if (standing) standing.replaceWith(drawn);
    else list.append(drawn);
    renumber();
    return drawn;
  };

  /* A new line stands in the list at once; its words stay on this device until it is saved. */
  const add = async (problem, source = "", id = newId()) => {
    drafts.keep(`add:${id}`, { problem, source });
    const waiting = draw('<li class="finding-row is-waiting"><span class="finding-no" data-number></span><div><h3></h3></div></li>');
    waiting.dataset.line = id;
    waiting.querySelector("h3").textContent = problem;
    list.append(waiting);
    renumber();
    const answer = await send(() => order("add", { new: problem, "new-id": id, "new-source": source }));
    if (!answer) return;
    show(answer);
    if (!answer.row) return;
    drafts.drop(`add:${id}`);
    place(answer.row, waiting);
  };

  const addTyped = () => {
    const problem = text.value.trim();
    text.value = "";
    drafts.drop("new");
    text.focus();
    if (problem) add(problem, document.getElementById("new-source").value);
  };

  const open = async (li) => {
    const answer = await fetch(`${page.url}lines/${li.dataset.line}/`, { redirect: "manual" })
      .catch(() => null);
    if (!answer?.ok) {
      window.location.assign(`${page.url}?line=${li.dataset.line}`);
      return null;
    }
    return place(await answer.text(), li);
  };

  const openAndFocus = async (li) => {
    const opened = await open(li);
    const gap = opened?.querySelector("[data-missing]:not([hidden])");
    (gap?.closest("[data-field]") || opened)?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };

  const close = async (li) => {
    const answer = await editor.save(li, "close");
    if (answer?.row) place(answer.row, li).querySelector("button")?.focus();
  };

  /* Of two versions the chosen words are sent; if it changed once more, both are shown again. */
  const choose = async (li) => {
    const answer = await send(() => {
      const data = order("close");
      li.querySelectorAll("input").forEach((input) => {
        if (input.type !== "radio" || input.checked) data.append(input.name, input.value);
      });
      return data;
    });
    if (!answer) return;
    show(answer);
    const again = answer.lines[li.dataset.line]?.both;
    if (!again && answer.refused) return;
    if (!again) drafts.drop(`line:${li.dataset.line}`);
    place(again || answer.row, li);
  };

  /* A line of the draft goes; one that is in force stays, marked, with the reason. */
  const remove = async (li, button) => {
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
    const id = li.dataset.line;
    const why = li.querySelector(`[name="${id}-why"]`);
    if (why) await editor.save(li); // its other words too stay on record
    const answer = await send(() => order(`remove:${id}`, {
      [`${id}-revision`]: li.dataset.revision, ...(why && { [`${id}-why`]: why.value }),
    }));
    if (!answer) return;
    show(answer);
    if (answer.refused) return;
    drafts.drop(`line:${id}`);
    if (answer.row) {
      place(answer.row, li);
      return;
    }
    lineOf(id)?.remove();
    renumber();
    text.focus();
  };

  const restore = async (li) => {
    const answer = await send(() => order(`restore:${li.dataset.line}`));
    if (!answer) return;
    show(answer);
    if (answer.row) place(answer.row, li).querySelector("button")?.focus();
  };

  const pull = async (key) => {
    const answer = await send(() => order(`pull:${key}`));
    if (!answer) return;
    show(answer);
    if (answer.row) place(answer.row).scrollIntoView({ block: "nearest" });
  };

  /* Everything typed is saved first; then the form goes its ordinary way, if nothing lacks. */
  const submit = async () => {
    const editors = [...list.querySelectorAll("[data-editor]")];
    for (const li of editors) await editor.save(li, "close");
    const ready = document.querySelector('button[value="submit"]:not([disabled])');
    if (ready && !list.querySelector("[data-both], .form-error:not([hidden])")) {
      ready.form.requestSubmit(ready);
    }
  };

  /* Everything typed is saved first; then the form goes its ordinary way. */
  const whole = async (button) => {
    for (const li of list.querySelectorAll("[data-editor]")) await editor.save(li);
    button.form.requestSubmit(button);
  };

  const actions = {
    add: addTyped,
    edit: (li) => (li.dataset.both === undefined ? openAndFocus(li) : choose(li)),
    close,
    remove,
    restore,
    pull: (_li, button) => pull(button.value.slice("pull:".length)),
    submit,
    save: () => {},
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"]');
    if (!button || button.form?.id !== "plan-form") return;
    event.preventDefault();
    if (button.dataset.whole !== undefined) whole(button);
    else actions[button.value.split(":")[0]](button.closest("[data-line]"), button);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    addTyped();
  });
  text.addEventListener("input", () => {
    if (text.value) drafts.keep("new", text.value);
    else drafts.drop("new");
  });

  const fold = () => {
    const box = document.querySelector(".pull-box");
    if (box && window.matchMedia("(max-width: 767.98px)").matches) box.open = false;
  };
  document.addEventListener("plan:shown", fold);
  fold();

  /* What was typed here before and never saved. */
  const restoreLine = async (id, draft) => {
    const li = lineOf(id);
    if (li) {
      const opened = li.dataset.editor === undefined ? await open(li) : li;
      if (opened) await editor.restore(opened, draft);
      return;
    }
    const answer = await send(() => editor.body(id, draft.revision, draft.base, draft.mine, "close"));
    if (answer) show(answer);
    if (answer && !answer.refused) drafts.drop(`line:${id}`);
    if (answer?.row) place(answer.row);
  };

  const found = drafts.all();
  found.forEach(([key, draft]) => {
    const [kind, id] = key.split(":");
    if (kind === "new") text.value = draft;
    else if (kind === "add" && lineOf(id)) drafts.drop(key); // it arrived, its answer did not
    else if (kind === "add") add(draft.problem || draft, draft.source, id);
    else restoreLine(id, draft);
  });
  if (found.length) say(words.restored);
})();
