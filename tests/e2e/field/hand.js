/* The hand on the phone: what a person does on the sheet, and what tests do to the device. */
(() => {
  "use strict";
  /* --- the device: its clock, its patience, its room ------------------------------------------ */
  const hand = { shift: 0, hurry: 40, isFull: false };
  window.hand = hand;
  const RealDate = Date;
  window.Date = class extends RealDate {
    constructor(...what) {
      if (what.length) super(...what);
      else super(RealDate.now() + hand.shift);
    }

    static now() {
      return RealDate.now() + hand.shift;
    }
  };
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (time) => timeout(time / hand.hurry);
  for (const name of ["add", "put"]) {
    const real = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function store(...what) {
      if (!hand.isFull) return real.apply(this, what);
      this.transaction.abort(); // as the browser does it
      throw new DOMException("full", "QuotaExceededError");
    };
  }

  /* --- what a person does; resolves to what became an entry, once it is kept or said not to be --- */
  /* The row, its card opened first where it is shut: a card's rows come with that. */
  function row(key) {
    const isIn = (box) => box.querySelector("noscript")?.textContent.includes(` data-requirement="${key}"`);
    [...document.querySelectorAll(".item-box")].find(isIn)?.querySelector(".item-head").click();
    return document.getElementById(`req-${key}`);
  }

  const fire = (field, name) => field.dispatchEvent(new Event(name, { bubbles: true }));
  const facts = ({ id, event, photo }) => ({ id, event, photo: photo && { ...photo, blob: null } });

  async function entryOf(action) {
    const root = document.getElementById("sheet");
    const made = new Promise((done) => {
      root.addEventListener("entry", ({ detail }) => done(facts(detail)), { once: true });
    });
    action();
    const entry = await made;
    await window.outbox.settled();
    return entry;
  }

  const tap = (key) => entryOf(() => row(key).querySelector(".switch").click());

  /* The row with its editor, which comes when it is opened. */
  async function opened(key) {
    const form = row(key);
    form.querySelector(".req-edit").open = true;
    while (!form.elements.note) await new Promise((done) => { setTimeout(done, 5); });
    return form;
  }

  async function type(key, values) {
    const form = await opened(key);
    return entryOf(() => {
      for (const [name, value] of Object.entries(values)) {
        form.elements[name].value = value;
        fire(form.elements[name], "input");
      }
      fire(form.elements.note, "focusout");
    });
  }

  const move = (code, what, note = "") => entryOf(() => {
    if (what === "not_applicable") document.querySelector(`#${code} .na:has(noscript) > summary`)?.click();
    const forms = [...document.querySelectorAll(`#${code} form.move`)];
    const form = forms.find(({ elements }) => elements.do.value === what);
    if (form.elements.note) form.elements.note.value = note;
    form.requestSubmit();
  });

  async function photo(key, name, base64) {
    const input = (await opened(key)).elements.photos;
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], name, { type: "image/jpeg" }));
    return entryOf(() => {
      input.files = files.files;
      fire(input, "change");
    });
  }

  /* An answer at a post; what became an entry is told to the test, since the page may be left then. */
  function answer({ result, person, note }) {
    const form = document.querySelector(".pq-answer");
    form.querySelector(`[name=result][value=${result}]`).checked = true;
    form.elements.person.value = person;
    form.elements.note.value = note;
    fire(form.elements.note, "input");
    sessionStorage.setItem("typed by hand", note);
    tapAnswer();
  }

  function tapAnswer() {
    const { outbox } = window;
    const { put } = outbox;
    hand.isTapped = true;
    outbox.put = async (entries, how) => {
      outbox.put = put;
      const isKept = await put(entries, how);
      await window.tellAnswer({ id: entries[0].id, body: entries[0].answer.body });
      return isKept;
    };
    document.querySelector(".pq-answer").requestSubmit();
  }

  const typed = () => {
    const { result, person, note } = document.querySelector(".pq-answer").elements;
    return { result: result.value, person: Number(person.value), note: note.value };
  };

  Object.assign(hand, {
    tap, type, move, photo, answer, tapAnswer, typed,
    shown: (keys) => keys.map((key) => row(key).elements.missing.checked && row(key).dataset.observation),
  });
})();
