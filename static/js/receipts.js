/* What the server says that it has of what was sent from this device: each observation, and each
   photo by its digest. */
(() => {
  "use strict";
  const place = document.getElementById("receipts");
  const { outbox } = window;
  const MOST = 500; // the newest
  const AT_ONCE = 100; // ids in a question
  const copy = (name) => document.getElementById(name).content.cloneNode(true).firstElementChild;
  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";
  const moment = (text) => new Date(text).toLocaleString(document.documentElement.lang);

  async function sent() {
    const rows = await (await outbox.database()).getAll("sent");
    return rows.filter(({ person }) => person === outbox.person).sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MOST);
  }

  async function ask(ids) {
    const response = await fetch("/api/v1/receipts", {
      method: "POST", body: JSON.stringify({ ids }), redirect: "error",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), "X-Person": outbox.person },
    });
    if (!response.ok) throw new Error(response.status);
    const { events, photos, late, answers } = await response.json();
    return [...late, ...events, ...photos, ...answers]; // what was accepted is on record besides
  }

  /* A sign-off is on record where its page shows its fingerprint. */
  async function askSigned({ id, url, fingerprint, at }) {
    const response = await fetch(url, { redirect: "error", headers: { "X-Person": outbox.person } });
    return response.ok && (await response.text()).includes(fingerprint) ? [[id, { recorded_at: at }]] : [];
  }

  async function known(all) {
    const found = new Map();
    const rows = all.filter(({ kind }) => kind !== "sign");
    for (const row of all.filter(({ kind }) => kind === "sign")) {
      (await askSigned(row)).forEach(([id, there]) => found.set(id, there));
    }
    for (let first = 0; first < rows.length; first += AT_ONCE) {
      const answer = await ask(rows.slice(first, first + AT_ONCE).map(({ id }) => id));
      answer.forEach((row) => found.set(row.id, row));
    }
    return found;
  }

  function verdict(row, there) {
    if (!there) return "missing";
    if (there.outcome) return there.outcome === "refused" ? "not-accepted" : "late";
    return row.sha256 && there.sha256 && row.sha256 !== there.sha256 ? "differs" : "there";
  }

  function line(row, there) {
    const drawn = copy("receipt-one");
    const name = verdict(row, there);
    drawn.querySelector("[data-what]").textContent = row.label ?? row.about?.name ?? "";
    drawn.querySelector("[data-hash]").textContent = (row.sha256 ?? row.fingerprint)?.slice(0, 16) ?? row.id.slice(0, 8);
    drawn.querySelector("[data-when]").textContent = moment(there?.recorded_at ?? there?.received_at ?? row.at);
    drawn.querySelector("[data-why]").textContent = there?.detail ?? "";
    drawn.querySelector("[data-verdict]").replaceChildren(copy(`receipt-${name}`));
    return drawn;
  }

  function group(rows, found) {
    const panel = copy("receipt-sheet");
    panel.querySelector("h3").textContent = rows[0].about?.name ?? "";
    panel.querySelector("ul").append(...rows.map((row) => line(row, found.get(row.id))));
    return panel;
  }

  async function check() {
    const rows = (await sent()).filter(({ kind }) => kind !== "form");
    const trouble = document.getElementById("receipts-trouble");
    trouble.hidden = true;
    try {
      const found = await known(rows);
      const sheets = [...new Set(rows.map(({ sheet }) => sheet))];
      place.replaceChildren(...sheets.map((sheet) => group(rows.filter((row) => row.sheet === sheet), found)));
      document.getElementById("receipts-none").hidden = rows.length > 0;
    } catch {
      trouble.hidden = false;
    }
  }

  document.querySelector("[data-check]").addEventListener("click", check);
  outbox.on("settled", check);
  document.addEventListener("DOMContentLoaded", check);
})();
