/* Answers at a post go through the outbox wherever there is one, since a signal may drop in the very
   moment: they are on the device before anything is sent, stand beside their question while they
   wait, and go by themselves. Elsewhere (embedded browsers, pages that are not secure) the form is
   sent as it is while there is a network. */
(() => {
  "use strict";
  const form = document.querySelector(".pq-answer");
  const { outbox } = window;
  if (!form || !outbox?.person) return;
  const words = form.dataset;
  const { drawn, next } = words;
  const visit = Number(words.visit);
  const sheet = `visit-${visit}`;
  const place = document.getElementById("answers-waiting");
  const wrong = document.getElementById("answer-lacks");
  const correcting = new URLSearchParams(location.search).get("correct");
  const isPacked = Boolean(document.documentElement.dataset.packed);
  const PATIENCE = 3000; // milliseconds, for the server's verdict on a page that came from it
  const NOTED = "answer:noted";
  let waiting = []; // of this visit
  let former = null; // an entry that is written anew
  let isBusy = false; // with an answer, until it is clear which page comes next

  const copy = (name) => document.getElementById(name).content.cloneNode(true).firstElementChild;
  const read = (name) => form.elements[name].value.trim();

  function answered() {
    const { person } = form.elements;
    if (person.value) return { person: Number(person.value), who: person.selectedOptions[0].textContent };
    return { name: read("name"), position: read("position"), who: [read("name"), read("position")].filter(Boolean).join(" · ") };
  }

  function fill({ result, person = "", name = "", position = "", note = "" }) {
    Object.entries({ person: person || "", name, position, note }).forEach(([field, value]) => { form.elements[field].value = value; });
    form.querySelectorAll("[name=result]").forEach((choice) => { choice.checked = choice.value === result; });
    if (name) form.elements.name.closest("details").open = true;
    form.scrollIntoView({ block: "nearest" });
  }

  const drop = async ({ id }) => outbox.change(window.outboxEnds.ending([id], await outbox.mine()));

  function line(entry) {
    const row = copy("answer-waiting");
    const { what, figure } = entry.label;
    row.querySelector("[data-what]").textContent = [figure, what, entry.answer.body.note].filter(Boolean).join(" · ");
    row.querySelector("[data-why]").textContent = entry.refused?.detail ?? "";
    row.querySelector("[data-again]").addEventListener("click", () => {
      former = entry;
      fill(entry.answer.body);
    });
    row.querySelector("[data-drop]").addEventListener("click", () => drop(entry));
    return row;
  }

  /* One that was corrected before it went still goes, since it may have arrived; it is not shown. */
  async function look() {
    waiting = (await outbox.mine()).filter((entry) => entry.answer && entry.sheet === sheet);
    const corrected = new Set(waiting.map(({ answer }) => answer.body.replaces));
    const own = waiting.filter(({ id, answer }) => String(answer.body.drawn) === drawn && !corrected.has(id));
    place.replaceChildren(...own.map(line));
    place.closest("section").hidden = !own.length;
  }

  /* An answer that was on its way to the server already stands beside what waits. */
  const isHere = () => window.device.isPossible || waiting.length > 0 || !navigator.onLine || isPacked;

  /* Until the server has said what becomes of an answer, the sending ends or that takes too long. */
  let wake = () => {};
  const verdict = () => new Promise((done) => {
    wake = done;
    setTimeout(done, PATIENCE);
  });

  const isOnDevice = async (url) => Boolean(await window.caches?.match(url, { ignoreVary: true }));

  const session = (action) => {
    try {
      return action(sessionStorage);
    } catch {
      return null; // without it the next page says nothing of the last answer
    }
  };

  /* To the next page where it can come; else this one is ready for the next answer, and one that
     was refused is there to be put right. */
  async function goOn({ id, label, answer: { body } }) {
    await look();
    const own = waiting.find((entry) => entry.id === id);
    if (own?.refused) {
      former = own;
      place.scrollIntoView({ block: "nearest" });
      return false;
    }
    const url = body.result === "right" ? next : location.pathname;
    if (!own) session((storage) => storage.setItem(NOTED, [label.figure, label.what].join(" · ")));
    const isHereAlready = url === location.pathname && !location.search;
    if (own && (isHereAlready || !await isOnDevice(url))) {
      fill({ ...body, result: "", note: "" });
      if (correcting) form.elements.replaces.value = id; // what is corrected once more is this one
      return false;
    }
    location.assign(url);
    return true;
  }

  /* What the new entry corrects. A refused one makes room for it; any other may be on record. */
  async function replacedHere() {
    const about = former?.id ?? (read("replaces") || correcting || undefined);
    const now = (await outbox.mine()).find(({ id }) => id === about);
    if (!now?.refused) return { replaces: about, changes: {} };
    return { replaces: now.answer.body.replaces, changes: { [now.id]: null } };
  }

  async function keep({ who, ...asked }, choice) {
    const { replaces, changes } = await replacedHere();
    const body = {
      drawn: Number(drawn), result: choice.value, note: read("note"), ...asked, replaces, answered_at: new Date().toISOString(),
    };
    const entry = {
      id: outbox.newId(), sheet, about: { name: words.name, url: words.url },
      label: { what: who, about: words.question, figure: choice.parentElement.textContent.trim() },
      answer: { visit, url: location.pathname, body },
    };
    const isSettled = isPacked || verdict();
    const isKept = await outbox.put([entry], { changes });
    former = null;
    form.dataset.dirty = "";
    outbox.send();
    document.getElementById("answer-no-room").hidden = isKept;
    if (!isKept) return false; // what was typed stays beside it, for this page alone has the answer
    window.formKeep.forget(form);
    await isSettled;
    return goOn(entry);
  }

  function setBusy(isSo) {
    isBusy = isSo;
    form.ariaBusy = String(isSo);
  }

  form.addEventListener("submit", (event) => {
    if (!isHere() && !former) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing leaves this page
    if (isBusy) return; // a second tap
    const choice = form.querySelector("[name=result]:checked");
    const asked = answered();
    wrong.textContent = !choice ? words.lacksResult : !asked.who ? words.lacksWho : "";
    wrong.hidden = !wrong.textContent;
    if (!wrong.hidden) return;
    setBusy(true);
    keep(asked, choice).then(setBusy, () => setBusy(false));
  });

  outbox.on("changed", look);
  /* What was on its way stands among the answers on record when the page comes anew. */
  outbox.on("settled", async (outcomes) => {
    wake();
    const isOwn = outcomes.some(({ entry, receipt }) => entry.answer && entry.sheet === sheet && receipt.outcome !== "refused");
    await look();
    if (isOwn && !isBusy && !waiting.length && !form.dataset.dirty) location.reload();
  });
  outbox.on("state", ({ sending }) => sending || wake());
  window.addEventListener("pageshow", () => setBusy(false)); // shown once more as it was left
  document.addEventListener("DOMContentLoaded", () => {
    const noted = session((storage) => storage.getItem(NOTED));
    session((storage) => storage.removeItem(NOTED));
    document.getElementById("answer-noted").hidden = !noted;
    document.querySelector("#answer-noted [data-what]").textContent = noted ?? "";
    look();
  });
})();
