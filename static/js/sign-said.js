/* What a sheet says when it is signed without the server: figures, what was noted, and the mark by
   which the server knows whether it says the same (signing/content.py, `stands_in`). Pure: a pack
   and entries in. */
window.signSaid = (() => {
  "use strict";
  const { sheetFold } = window;

  const bytesOf = (uuid) => Uint8Array.from(uuid.replaceAll("-", "").match(/../g), (pair) => parseInt(pair, 16));

  /* RFC 4122, version 5: what the server calls a part of an event. */
  async function derived(id, name) {
    const text = new Uint8Array([...bytesOf(id), ...new TextEncoder().encode(name)]);
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-1", text)).slice(0, 16);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /* An item is confirmed once: "the rest conforms" leaves out what was passed before. */
  async function idsOf(item, rows, entered) {
    const passes = rows.filter(({ kind }) => ["conforms", "not_applicable"].includes(kind));
    const left = rows.filter((row) => !entered.has(row.id) || row.kind !== "conforms" || row === passes[0]);
    const ids = left.map((row) => (entered.has(row.id) && row.kind === "conforms" ? derived(row.id, item.code) : row.id));
    return (await Promise.all(ids)).sort();
  }

  const sum = (items, figure) => items.reduce((total, item) => total + figure(item), 0);

  function sectionOf({ name, items }, { scores, rows }) {
    const noted = items.map((item) => ({
      item, score: scores.get(item.id), reason: rows.find((row) => row.item === item.id && row.kind === "not_applicable")?.note,
    }));
    const seen = noted.filter(({ score }) => score.isLookedAt);
    return {
      name, possible: sum(seen, ({ score }) => score.possible), kept: sum(seen, ({ score }) => score.kept - score.extra),
      noted: noted.filter(({ score }) => score.lines.length || score.isNotApplicable),
    };
  }

  /* Deductions that have to be pictured; their pictures may hang on what they replaced. */
  function unpictured(items, rows, entries) {
    const pictured = new Set(entries.filter(({ photo }) => photo).map(({ photo }) => photo.observation));
    rows.filter(({ photos }) => photos?.length).forEach(({ id }) => pictured.add(id));
    entries.forEach(({ id, event }) => pictured.has(event?.replaces) && pictured.add(id));
    return items.filter(({ id, photo_required }) => photo_required
      && rows.some((row) => row.item === id && row.kind === "missing" && row.cost)
      && !rows.some((row) => row.item === id && pictured.has(row.id)));
  }

  async function of(pack, entries, allowExtra) {
    const found = sheetFold.fold(pack, entries.filter(({ event }) => event), allowExtra);
    const items = pack.sections.flatMap((section) => section.items);
    const known = new Set(pack.observations.map(({ id }) => id));
    const entered = new Set(entries.map(({ id }) => id).filter((id) => !known.has(id)));
    const stands = {};
    for (const item of items) stands[item.code] = await idsOf(item, found.rows.filter((row) => row.item === item.id), entered);
    return {
      ...found, sections: pack.sections.map((section) => sectionOf(section, found)),
      left: found.total - found.lookedAt, unpictured: unpictured(items, found.rows, entries),
      seen: JSON.stringify({ kept: sheetFold.plain(found.kept), possible: sheetFold.plain(found.possible), stands }),
    };
  }

  return { of };
})();
