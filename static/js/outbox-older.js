/* What an older page kept in localStorage, and what was typed in the moment a page was left: both
   stand there under the sheet's prefix and move into the outbox when the sheet is opened. */
window.outboxOlder = (() => {
  "use strict";
  const { outbox } = window;

  const number = (text) => (text ? Number(text) : null);

  function eventOf({ fields }, at) {
    const { item, requirement, rule, observation, note = "", method = "", count, points, replaces } = fields;
    const seen = { do: fields.do, observed_at: new Date(at).toISOString() };
    if (fields.do === "withdraw") return { ...seen, observation };
    if (fields.do === "confirm") return { ...seen, items: [Number(item)] };
    const what = { item: Number(item), requirement: number(requirement), rule: number(rule), method, note };
    if (fields.do === "not_applicable") return { ...seen, ...what, count: 1 };
    return { ...seen, ...what, points: points || null, count: Number(count || 1), replaces: replaces || null };
  }

  function bytesOf(dataUrl) {
    return Uint8Array.from(atob(dataUrl.split(",")[1]), (char) => char.charCodeAt(0));
  }

  function entryOf(op, key, root, about) {
    const common = { id: op.id, item: number(op.item), sheet: Number(root.dataset.sheet), about, label: op.label };
    if (op.event) return { ...common, event: op.event };
    const isForm = op.photo || op.fields.do === "take_up" || op.fields.section;
    if (!isForm) return { ...common, event: eventOf(op, Number(key.split("-")[0])) };
    const form = { url: root.dataset.entry, fields: op.fields };
    if (op.photo) Object.assign(form, { file: new Blob([bytesOf(op.photo.data)], { type: op.photo.type }), name: op.photo.name });
    return { ...common, form };
  }

  async function takeOver(root, about) {
    const kept = window.delivery.store(root.dataset.keep).all();
    const keys = [...kept.keys()].sort();
    if (!keys.length) return;
    const entries = keys.map((key) => entryOf(kept.get(key), key, root, about));
    if (await outbox.put(entries, { again: true })) keys.forEach((key) => localStorage.removeItem(root.dataset.keep + key));
  }

  /* In the moment a page is left only this is sure to be written. */
  function handOver(root, entry) {
    window.delivery.store(root.dataset.keep).put(`${String(Date.now()).padStart(15, "0")}-${entry.id}`, entry);
  }

  return { takeOver, handOver };
})();
