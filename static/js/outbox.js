/* What waits on this device for the server: entries of score sheets and their photos, in IndexedDB,
   one transaction a step. An entry is {key, id, person, device, sequence, sheet, about} and one of
   `event`, `photo`, `form`, `sign`, `answer` (of which `sheet` names the visit). Whoever shows or sends them listens: "changed" after each step (of any
   tab), "settled" with what became of entries, "state" of the sending. */
window.outbox = (() => {
  "use strict";
  const person = document.body.dataset.person;
  const heard = new EventTarget();
  const others = window.BroadcastChannel ? new BroadcastChannel("pinzhi-outbox") : null;
  const loose = []; // what the device would not store: only this page has it
  const writing = new Set(); // promises of steps that have not come to an end
  const pageDevice = newId();
  const MOST_SENT = 2000; // receipts
  const TRIMMED = 200; // at once
  let count = 0; // of what was loose: its sequence

  /* crypto.randomUUID exists on secure pages only. */
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  const tell = (name, detail) => heard.dispatchEvent(new CustomEvent(name, { detail }));
  function announce(name, detail) {
    tell(name, detail);
    others?.postMessage({ name, detail });
  }
  if (others) others.onmessage = ({ data }) => tell(data.name, data.detail);

  /* --- the database ------------------------------------------------------------------------ */

  let opened = null;
  function database() {
    opened ??= idb.openDB("pinzhi", 1, {
      upgrade(db) {
        const entries = db.createObjectStore("entries", { keyPath: "key", autoIncrement: true });
        entries.createIndex("id", "id", { unique: true });
        db.createObjectStore("sent", { keyPath: "id" });
        db.createObjectStore("facts");
      },
      blocking: (_now, _wanted, event) => event.target.close(),
      terminated: () => { opened = null; },
    });
    opened.catch(() => { opened = null; });
    return opened;
  }

  /* The browser's own id, made once and kept beside the entries. */
  let device = "";
  async function deviceOf(transaction) {
    const facts = transaction.objectStore("facts");
    device = (await facts.get("device")) ?? newId();
    await facts.put(device, "device");
    return device;
  }

  /* Everything kept, in the order it was entered; then what only this page has. */
  async function all() {
    try {
      const kept = await (await database()).getAll("entries");
      return [...kept, ...loose];
    } catch {
      return [...loose];
    }
  }

  /* What was sent of a sheet since a moment of this device's clock, in the order it was entered. */
  async function sentSince(sheet, moment) {
    const rows = await (await database()).getAll("sent");
    const own = rows.filter((row) => row.person === person && row.sheet === sheet && row.at > moment && row.event);
    return own.sort((a, b) => (a.at === b.at ? a.event.observed_at < b.event.observed_at : a.at < b.at) ? -1 : 1);
  }

  const mine = async () => (await all()).filter((entry) => entry.person === person);

  /* --- steps ------------------------------------------------------------------------------- */

  function step(action) {
    const running = action().finally(() => {
      writing.delete(running);
      announce("changed");
    });
    writing.add(running);
    tell("changed");
    return running;
  }

  /* Keeps entries in one transaction, together with the end of those that they take the place of.
     What the device refuses to store (no room, a private window) stays in this page and is said
     to: resolves to whether it is kept. `changes` of others belong to it; `again`: some of the entries
     may have come before. */
  const put = (entries, { changes = {}, again = false } = {}) => step(async () => {
    askToStay();
    try {
      await keepInOrder(entries, changes, again);
      return true;
    } catch {
      const known = new Set((await all()).map((entry) => entry.id));
      loose.push(...entries.filter((entry) => !known.has(entry.id)).map((entry) => ({
        person, ...entry, device: pageDevice, sequence: ++count, key: `loose-${entry.id}`,
      })));
      changeLoose(changes);
      return false;
    }
  });

  /* After what found no room before, so that the queue stays in the order of entry; where that is
     too much still, alone. */
  async function keepInOrder(entries, changes, again) {
    const before = new Set(loose.map(({ id }) => id));
    if (!before.size) return keep(entries, changes, again);
    try {
      await keep([...loose.map(forgetPlace), ...entries], changes, true);
    } catch (error) {
      if (!entries.length) throw error;
      return keep(entries, changes, again);
    }
    return void loose.splice(0, loose.length, ...loose.filter(({ id }) => !before.has(id)));
  }

  async function keep(entries, changes, again) {
    const transaction = (await database()).transaction(["entries", "facts"], "readwrite");
    transaction.done.catch(() => {}); // it is waited for below
    const store = transaction.objectStore("entries");
    const own = device || await deviceOf(transaction);
    const added = [];
    for (const entry of entries) {
      if (again && await store.index("id").getKey(entry.id)) continue;
      added.push(store.add({ person, device: own, ...entry }));
    }
    await alter(store, changes);
    transaction.commit();
    await Promise.all([...added, transaction.done]);
  }

  /* {id: change}, with null it ends. */
  async function alter(store, changes) {
    for (const id of Object.keys(changes)) {
      const entry = await store.index("id").get(id);
      if (entry && changes[id]) await store.put({ ...entry, ...changes[id] });
      else if (entry) await store.delete(entry.key);
    }
  }

  function changeLoose(changes) {
    const left = loose.filter((entry) => changes[entry.id] !== null);
    loose.splice(0, loose.length, ...left.map((entry) => ({ ...entry, ...changes[entry.id] })));
  }

  /* Changes entries or ends them; what the server has stands in `sent` afterwards. Resolves to
     whether it is so: if not, an entry that was sent is sent again, which does no harm. */
  const change = (changes, sent = []) => step(async () => {
    changeLoose(changes);
    const transaction = (await database()).transaction(["entries", "sent"], "readwrite");
    transaction.done.catch(() => {}); // it is waited for below
    await alter(transaction.objectStore("entries"), changes);
    await Promise.all(sent.map((row) => transaction.objectStore("sent").put(row)));
    if (sent.length) await trim(transaction.objectStore("sent"));
    await transaction.done;
  }).then(() => true, () => false);

  /* Of what was sent the newest stay, to be asked for (receipts.js) and reckoned with (sentSince). */
  async function trim(store) {
    if (await store.count() <= MOST_SENT + TRIMMED) return;
    const rows = (await store.getAll()).sort((a, b) => (a.at < b.at ? 1 : -1));
    await Promise.all(rows.slice(MOST_SENT).map(({ id }) => store.delete(id)));
  }

  /* Tries once more to keep what found no room. */
  const keepLoose = async () => loose.length > 0 && put([]);

  function forgetPlace({ key, sequence, device: _device, ...entry }) {
    return entry;
  }

  let asked = false;
  function askToStay() {
    if (asked) return;
    asked = true;
    navigator.storage?.persist?.().catch(() => {});
  }

  /* The page asks before it is left while something is not kept. */
  window.addEventListener("beforeunload", (event) => (loose.length || writing.size) && event.preventDefault());

  return {
    person, newId, database, all, mine, sentSince, put, change, keepLoose, announce,
    fragile: () => loose.length,
    busy: () => writing.size,
    settled: () => Promise.allSettled([...writing]),
    on: (name, action) => heard.addEventListener(name, ({ detail }) => action(detail)),
    sequenceOf: (entry) => entry.sequence ?? entry.key,
  };
})();
