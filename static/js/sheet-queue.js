/* The sheet and the outbox. Listens on #sheet for "entry", "retry" and "drop"; tells #sheet "queue"
   (how things stand), "sent" and "refused" (entry), "pieces" (what looks different now) and, when
   the page opens with entries left from before, "waiting" (entry). */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;
  const { outbox, outboxEnds } = window;
  const sheet = Number(root.dataset.sheet);
  const about = { name: root.dataset.name, url: location.pathname };
  let sending = { sending: false, trouble: "" };
  let last = { waiting: 0, refused: 0, ops: [] };
  let isRead = false; // what waits on the device; before that nobody knows whether all is saved
  let refreshing = 0;
  let late = 0;
  let asked = 0;
  let leaving = false;
  let before = []; // sent since the page that is shown was put on the device
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });

  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));
  const own = async () => (await outbox.mine()).filter((entry) => entry.sheet === sheet);

  async function report() {
    const number = ++asked;
    const ops = await own();
    if (number !== asked) return;
    const refused = ops.filter((op) => op.refused);
    last = { waiting: ops.length - refused.length, refused: refused.length, ops };
    isRead = true;
    show();
  }

  function show() {
    if (!isRead && !last.waiting) return;
    const trouble = (refreshing || outbox.busy()) && !last.waiting ? "refreshing" : sending.trouble;
    tell("queue", { ...last, late, before, fragile: outbox.fragile(), sending: sending.sending || Boolean(outbox.busy()), trouble });
  }

  /* One that corrects a refused one takes its place, with its photos. */
  async function enter({ instead, ...entry }) {
    if (last.ops.some((op) => op.sign && !op.refused)) return; // the page takes none then
    last = { ...last, waiting: last.waiting + 1 };
    sending = { ...sending, sending: true };
    show();
    if (leaving) window.outboxOlder.handOver(root, entry);
    const changes = instead ? outboxEnds.ending([instead], await own(), entry.id) : {};
    await outbox.put([{ ...entry, sheet, about }], { changes });
    outbox.send();
  }

  /* --- what became of them ------------------------------------------------------------------- */

  const idOf = ({ id, event, photo, form }) => event?.observation ?? photo?.observation ?? form?.fields.observation ?? id;

  async function refresh(entries) {
    const query = new URLSearchParams();
    entries.forEach((entry) => {
      if (entry.event?.items) entry.event.items.forEach((item) => query.append("item", item));
      else query.append("seen", idOf(entry));
      if (entry.photo || entry.form?.fields.do === "draw" || entry.event?.replaces || entry.event?.do === "withdraw") query.set("shots", "1");
    });
    const response = await fetch(`${root.dataset.parts}?${query}`, { headers: { Accept: "application/json" }, redirect: "error" });
    const { html } = await response.json();
    tell("pieces", { html, ids: entries.map(({ id }) => id) });
  }

  outbox.on("settled", async (outcomes) => {
    const here = outcomes.filter(({ entry }) => entry.sheet === sheet);
    here.forEach(({ entry, receipt }) => {
      if (receipt.outcome === "refused") tell("refused", { op: { ...entry, refused: receipt } });
      else tell("sent", { op: entry });
      if (receipt.outcome === "late") late += 1;
    });
    const sent = here.filter(({ entry, receipt }) => !entry.sign && ["recorded", "known"].includes(receipt.outcome));
    if (sent.length) {
      refreshing += 1;
      // without an answer the page shows it the next time
      await refresh([...before.splice(0), ...sent.map(({ entry }) => entry)]).catch(() => {});
      refreshing -= 1;
    }
    report();
  });
  const sentSince = (moment) => outbox.sentSince(sheet, moment).catch(() => []);

  /* By another tab, while this page was on its way from the server: it may have been written before. */
  async function sentMeanwhile() {
    const asked = new Date(performance.timeOrigin).toISOString();
    return outboxEnds.wasSentSince(asked) ? sentSince(asked) : [];
  }

  outbox.on("changed", report);
  outbox.on("state", (state) => {
    sending = state;
    show();
    report();
  });

  root.addEventListener("entry", ({ detail }) => enter(detail));
  root.addEventListener("retry", async ({ detail }) => {
    await outbox.change({ [detail.id]: { refused: null } });
    outbox.send();
  });
  root.addEventListener("drop", async ({ detail }) => outbox.change(outboxEnds.ending([detail.id], await own())));
  document.addEventListener("DOMContentLoaded", async () => {
    await window.outboxOlder.takeOver(root, about);
    const { packed } = document.documentElement.dataset;
    before = packed ? await sentSince(packed) : [];
    const missed = packed ? [] : await sentMeanwhile();
    [...before, ...missed, ...await own()].forEach((op) => tell("waiting", { op }));
    report();
    outbox.send();
    if (missed.length) await refresh(missed).catch(() => {});
  });
})();
