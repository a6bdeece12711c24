/* Signing where the server cannot be asked: what is signed is worked out on the device, and both
   signatures wait in the outbox after the sheet's entries. */
(() => {
  "use strict";
  const form = document.querySelector(".sign-form");
  const { outbox, packs, sheetFold, signSaid } = window;
  if (!form || !outbox?.person) return;
  const sheet = Number(form.dataset.sheet);
  const notes = document.getElementById("sign-notes");
  const button = form.querySelector(".sign-send button");
  const words = form.dataset;
  const SOON = 4000; // milliseconds
  let own = null; // what the device worked out: {seen, …}
  let former = null; // the sign-off that was refused

  const copy = (name) => document.getElementById(name).content.cloneNode(true).firstElementChild;

  function filled(name, figures) {
    const drawn = copy(name);
    Object.entries(figures).forEach(([place, figure]) => drawn.querySelectorAll(`[data-${place}]`).forEach((each) => { each.textContent = figure; }));
    return drawn;
  }

  function note(name, figures = {}) {
    notes.append(filled(`sign-${name}`, figures));
  }

  /* --- what is signed -------------------------------------------------------------------------- */

  function lineOf(item, { requirement, rule, note: said, cost }) {
    const about = item.requirements.find(({ id }) => id === requirement)?.text ?? item.rules.find(({ id }) => id === rule)?.text ?? "";
    return filled("sign-seen", { about: [about, said].filter(Boolean).join(" · "), points: `−${sheetFold.points(cost)}` });
  }

  function itemOf({ item, score, reason }) {
    const drawn = filled("sign-item", { what: `${item.code} ${item.name}` });
    if (score.isNotApplicable) drawn.append(filled("sign-not-applicable", { reason }));
    drawn.append(...score.lines.map((line) => lineOf(item, line)));
    return drawn;
  }

  function sectionOf({ name, kept, possible, noted }) {
    const drawn = filled("sign-part", { name: name || words.nameless, kept: sheetFold.points(kept), possible: sheetFold.plain(possible) });
    drawn.querySelector("[data-none]").hidden = noted.length > 0;
    drawn.querySelector("ul").append(...noted.map(itemOf));
    return drawn;
  }

  function draw(said) {
    const figures = { percent: sheetFold.percent(said), kept: sheetFold.points(said.kept), possible: sheetFold.plain(said.possible) };
    const warnings = [said.zeroed && "zeroed", said.capped && "capped"].filter(Boolean).map((name) => copy(`sign-${name}`));
    document.getElementById("sign-what").replaceChildren(
      copy("sign-provisional"), filled("sign-sum", figures), ...warnings, ...said.sections.map(sectionOf),
    );
    const head = document.querySelector("[data-sign-head]");
    head.textContent = words.head.replace("#", sheetFold.percent(said));
  }

  /* --- how things stand -------------------------------------------------------------------------- */

  async function work(entries) {
    const found = await packs.readPack(sheet).catch(() => null);
    if (!found) return note("unsent");
    const before = await outbox.sentSince(sheet, found.at).catch(() => []);
    own = await signSaid.of(found.pack, [...before, ...entries.filter(({ refused }) => !refused)], "extra" in words);
    draw(own);
    if (entries.some(({ refused }) => refused)) note("first");
    if (own.left) note("left", { count: own.left });
    if (own.unpictured.length) note("unpictured", { items: own.unpictured.map(({ code, name }) => `${code} ${name}`).join("、") });
    return null;
  }

  /* What was drawn and chosen stands there again. */
  function fill(fields) {
    const said = new Map(fields);
    [...form.elements].forEach((field) => {
      if (!field.name || ["csrfmiddlewaretoken", "seen"].includes(field.name)) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = said.get(field.name) === field.value;
      else field.value = said.get(field.name) ?? "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  async function look() {
    const entries = (await outbox.mine()).filter((entry) => entry.sheet === sheet);
    const sign = entries.find((entry) => entry.sign);
    notes.replaceChildren();
    form.hidden = Boolean(sign && !sign.refused);
    if (form.hidden) return waits(sign);
    if (sign && former?.id !== sign.id) {
      former = sign;
      fill(sign.sign.fields);
    }
    if (sign) note("refused", { why: sign.refused.detail });
    const others = entries.filter((entry) => !entry.sign);
    if (document.documentElement.dataset.packed || others.length) await work(others);
    button.disabled = Boolean(notes.querySelector("[data-stops]"));
    return null;
  }

  function waits(sign) {
    note("waits");
    notes.querySelector("[data-take-back]").addEventListener("click", async () => {
      await outbox.change({ [sign.id]: null });
      fill(sign.sign.fields);
      form.dispatchEvent(new Event("input", { bubbles: true })); // kept by form-keep.js again
      look();
    });
  }

  /* --- signing ------------------------------------------------------------------------------------- */

  const read = (name) => form.elements[name].value.trim();
  const plain = (name) => name.replaceAll(/\s/g, "").toLowerCase();

  function signer() {
    const { who } = form.elements;
    if (who.value !== "other") return { who: { person: Number(who.value) }, name: who.selectedOptions[0].textContent.split(" · ")[0] };
    return { who: { name: read("name"), position: read("position") }, name: read("name") };
  }

  /* A signature, or why it is none. */
  function signature(side, name) {
    const drawn = read(`${side}_drawn`);
    if (drawn) return { drawing: JSON.parse(drawn) };
    const typed = read(`${side}_typed`);
    if (!typed) return { lacks: side };
    return plain(typed) === plain(name) && form.elements[`${side}_agreed`].checked ? { typed, agreed: true } : { lacks: "typed" };
  }

  function bodyOf() {
    const { who, name } = signer();
    const auditor = signature("auditor", words.auditor);
    const said = { seen: own?.seen ?? form.elements.seen.value, auditor, signed_at: new Date().toISOString() };
    if (!name) return { lacks: "who" };
    if (form.elements.answer.value === "refuse") {
      const reason = read("reason");
      return { ...said, refusal: { reason, who }, lacks: auditor.lacks ?? (reason ? undefined : "reason") };
    }
    const manager = signature("manager", name);
    return { ...said, manager: { ...manager, who }, lacks: auditor.lacks ?? manager.lacks };
  }

  async function keep({ lacks: _none, ...body }) {
    const fields = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "seen"].includes(name));
    const entry = {
      id: outbox.newId(), sheet, item: null, about: { name: words.name, url: words.url },
      label: { what: words.name, about: signer().name }, sign: { body, fields },
    };
    const changes = former ? { [former.id]: null } : {};
    const isKept = await outbox.put([entry], { changes });
    if (!isKept) note("no-room");
    const receipt = await sent(entry.id);
    if (receipt?.outcome === "refused" || (!isKept && !receipt)) return;
    form.dataset.dirty = "";
    window.formKeep.forget(form);
    location.assign(receipt?.url ?? words.url);
  }

  /* Its receipt, where the network is there and fast. */
  async function sent(id) {
    let receipt = null;
    outbox.on("settled", (outcomes) => { receipt ??= outcomes.find(({ entry }) => entry.id === id)?.receipt; });
    const soon = new Promise((done) => { setTimeout(done, SOON); });
    await Promise.race([outbox.send(), soon]);
    return receipt;
  }

  form.addEventListener("submit", (event) => {
    if (!own && !former && navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing leaves this page
    const body = bodyOf();
    const place = document.getElementById("sign-lacks");
    place.textContent = body.lacks ? words[`lacks${body.lacks[0].toUpperCase()}${body.lacks.slice(1)}`] : "";
    place.hidden = !body.lacks;
    if (!body.lacks) keep(body);
  });

  /* What the server showed before the last entries came is not what is signed. */
  outbox.on("settled", async () => {
    const wasUnsent = notes.querySelector("[data-unsent]");
    await look();
    if (!wasUnsent || notes.querySelector("[data-unsent]")) return;
    form.dataset.dirty = ""; // form-keep.js has it
    location.reload();
  });
  document.addEventListener("DOMContentLoaded", look);
})();
