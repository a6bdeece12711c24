/* What becomes of entries that refer to one that ends without having arrived. Pure: entries in,
   {id: change} out, null for what ends with it. */
window.outboxEnds = (() => {
  "use strict";

  const successorOf = (id, entries) => entries.find(({ event }) => event?.replaces === id);

  /* Dropped by hand, taken back, or overtaken by the entry that corrects it. */
  function ending(ids, entries, heir = null) {
    const changes = {};
    for (const id of ids) {
      const own = entries.find((entry) => entry.id === id);
      const next = heir ?? successorOf(id, entries)?.id;
      changes[id] = null;
      for (const { id: other, event, photo, form } of entries) {
        if (event?.replaces === id) changes[other] = { event: { ...event, replaces: own?.event?.replaces ?? null } };
        if (event?.observation === id || form?.fields.observation === id) changes[other] = null;
        if (photo?.observation === id) changes[other] = next ? { photo: { ...photo, observation: next } } : null;
      }
    }
    return changes;
  }

  /* Entries refused just now that were corrected or taken back before the refusal came: nobody
     has to correct them. `changes` says which were refused. */
  function overtaken(entries, changes) {
    const refused = Object.keys(changes).filter((id) => changes[id]?.refused);
    const isMet = (id) => entries.some(({ event }) => event?.replaces === id || event?.observation === id);
    return ending(refused.filter(isMet), entries);
  }

  return { ending, overtaken };
})();
