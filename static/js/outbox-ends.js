/* What becomes of entries that refer to one that ends without having arrived (pure: entries in,
   {id: change} out, null for what ends with it), and when some ended by arriving. */
window.outboxEnds = (() => {
  "use strict";

  /* What an entry or an answer corrects. */
  const replacedBy = ({ event, answer }) => event?.replaces ?? answer?.body.replaces;
  const successorOf = (id, entries) => entries.find((entry) => replacedBy(entry) === id);
  const corrects = ({ event, answer }, replaces) => (
    event ? { event: { ...event, replaces } } : { answer: { ...answer, body: { ...answer.body, replaces } } }
  );

  /* Dropped by hand, taken back, or overtaken by the entry that corrects it. */
  function ending(ids, entries, heir = null) {
    const changes = {};
    for (const id of ids) {
      const own = entries.find((entry) => entry.id === id);
      const next = heir ?? successorOf(id, entries)?.id;
      changes[id] = null;
      for (const other of entries) {
        const { event, photo, form } = other;
        if (replacedBy(other) === id) changes[other.id] = corrects(other, (own && replacedBy(own)) ?? null);
        if (event?.observation === id || form?.fields.observation === id) changes[other.id] = null;
        if (photo?.observation === id) changes[other.id] = next ? { photo: { ...photo, observation: next } } : null;
      }
    }
    return changes;
  }

  /* Entries refused just now that were corrected or taken back before the refusal came: nobody
     has to correct them. `changes` says which were refused. */
  function overtaken(entries, changes) {
    const refused = Object.keys(changes).filter((id) => changes[id]?.refused);
    const isMet = (id) => entries.some((entry) => replacedBy(entry) === id || entry.event?.observation === id);
    return ending(refused.filter(isMet), entries);
  }

  /* When something was sent last, by any tab: a page that was asked for before may lack it. */
  const SENT = "outbox:sent";
  const attempt = (action) => {
    try {
      return action();
    } catch {
      return null; // no storage: such a page shows it the next time
    }
  };
  const noteSent = (at) => attempt(() => localStorage.setItem(SENT, at));
  const wasSentSince = (moment) => attempt(() => localStorage.getItem(SENT) > moment) ?? false;

  return { ending, overtaken, noteSent, wasSentSince };
})();
