/* Answers at a post where the server cannot be asked: they wait in the outbox, each shown beside its
   question, and go by themselves. */
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
  let waiting = []; // of this visit
  let former = null; // an entry that is written anew

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

  function line(entry) {
    const row = copy("answer-waiting");
    const { what, figure } = entry.label;
    row.querySelector("[data-what]").textContent = [figure, what, entry.answer.body.note].filter(Boolean).join(" · ");
    row.querySelector("[data-why]").textContent = entry.refused?.detail ?? "";
    row.querySelector("[data-again]").addEventListener("click", () => {
      former = entry;
      fill(entry.answer.body);
    });
    row.querySelector("[data-drop]").addEventListener("click", () => outbox.change({ [entry.id]: null }));
    return row;
  }

  async function look() {
    waiting = (await outbox.mine()).filter((entry) => entry.answer && entry.sheet === sheet);
    const own = waiting.filter(({ answer }) => String(answer.body.drawn) === drawn);
    place.replaceChildren(...own.map(line));
    place.closest("section").hidden = !own.length;
  }

  /* An answer that was on its way to the server already stands beside what waits. */
  const isHere = () => waiting.length > 0 || !navigator.onLine || Boolean(document.documentElement.dataset.packed);

  async function keep({ who, ...asked }, choice) {
    const replaces = former?.answer.body.replaces ?? (read("replaces") || correcting || undefined);
    const body = {
      drawn: Number(drawn), result: choice.value, note: read("note"), ...asked, replaces, answered_at: new Date().toISOString(),
    };
    const entry = {
      id: outbox.newId(), sheet, about: { name: words.name, url: words.url },
      label: { what: who, about: words.question, figure: choice.parentElement.textContent.trim() },
      answer: { visit, url: location.pathname, body },
    };
    const isKept = await outbox.put([entry], { changes: former ? { [former.id]: null } : {} });
    former = null;
    form.dataset.dirty = "";
    outbox.send();
    document.getElementById("answer-no-room").hidden = isKept;
    if (!isKept) return; // what was typed stays beside it, for this page alone has the answer
    window.formKeep.forget(form);
    location.assign(body.result === "right" ? next : location.pathname);
  }

  form.addEventListener("submit", (event) => {
    if (!isHere() && !former) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing leaves this page
    const choice = form.querySelector("[name=result]:checked");
    const asked = answered();
    wrong.textContent = !choice ? words.lacksResult : !asked.who ? words.lacksWho : "";
    wrong.hidden = !wrong.textContent;
    if (wrong.hidden) keep(asked, choice);
  });

  outbox.on("changed", look);
  /* What was on its way stands among the answers on record when the page comes anew. */
  outbox.on("settled", async (outcomes) => {
    const isOwn = outcomes.some(({ entry, receipt }) => entry.answer && entry.sheet === sheet && receipt.outcome !== "refused");
    await look();
    if (isOwn && !waiting.length && !form.dataset.dirty) location.reload();
  });
  document.addEventListener("DOMContentLoaded", look);
})();
