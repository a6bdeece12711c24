/* The outbox as a file, photos included, to be read in on another device by the same person. */
window.outboxFile = (() => {
  "use strict";
  const { outbox } = window;
  const FORMAT = "pinzhi-outbox";

  const textOf = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.onerror = failed;
    reader.readAsDataURL(blob);
  });
  const blobOf = (text, type) => new Blob([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))], { type });

  /* Device and sequence stay those of the device on which something was entered. */
  async function written({ key: _key, ...entry }, sequence) {
    const { photo, form } = entry;
    const plain = { ...entry, sequence };
    if (photo) plain.photo = { ...photo, blob: null, type: photo.blob.type, data: await textOf(photo.blob) };
    if (form?.file) plain.form = { ...form, file: null, type: form.file.type, data: await textOf(form.file) };
    return plain;
  }

  function read(entry) {
    const { photo, form } = entry;
    if (photo) return { ...entry, photo: { ...photo, data: null, blob: blobOf(photo.data, photo.type) } };
    if (form?.data) return { ...entry, form: { ...form, data: null, file: blobOf(form.data, form.type) } };
    return entry;
  }

  async function save() {
    const entries = await outbox.mine();
    const lines = await Promise.all(entries.map((entry) => written(entry, outbox.sequenceOf(entry))));
    const content = { format: FORMAT, version: 1, person: outbox.person, saved_at: new Date().toISOString(), entries: lines };
    return new Blob([JSON.stringify(content)], { type: "application/json" });
  }

  /* A file may come from anybody: a form in it goes to a sheet's entry and nowhere else. */
  const ENTRY = /^\/c\/[-\w]+\/sheets\/\d+\/entry\/$/;
  // a batch of what is no device would hold up all that waits
  const DEVICE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const PAGE = /^\/c\/[-\w]+\/[-\w/]*$/;

  const isAnswer = ({ sheet, answer }) => Number.isInteger(answer?.visit) && sheet === `visit-${answer.visit}` && PAGE.test(answer.url) && answer.body;
  const isPlaced = (entry) => entry.answer ? isAnswer(entry) : Number.isInteger(entry.sheet);
  const isEntry = (entry) => typeof entry?.id === "string" && isPlaced(entry) && DEVICE.test(entry.device)
    && typeof entry.about?.name === "string" && PAGE.test(entry.about.url)
    && (entry.form ? ENTRY.test(entry.form.url) : Boolean(entry.event || entry.photo?.data || entry.sign?.body || entry.answer));

  /* "read", "empty" or why not: "unreadable", "another-person", "no-room". */
  async function take(file) {
    let content = null;
    try {
      content = JSON.parse(await file.text());
    } catch {
      return { outcome: "unreadable" };
    }
    if (content?.format !== FORMAT || !Array.isArray(content.entries) || !content.entries.every(isEntry)) return { outcome: "unreadable" };
    const foreign = [content, ...content.entries].some(({ person }) => person !== outbox.person);
    if (foreign) return { outcome: "another-person" };
    if (!content.entries.length) return { outcome: "empty" };
    const kept = await outbox.put(content.entries.map(read), { again: true });
    return { outcome: kept ? "read" : "no-room", count: content.entries.length };
  }

  return { save, take };
})();
