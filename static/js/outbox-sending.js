/* Sends what waits in the outbox: batches in the order of entry, photos after their observation.
   One tab at a time; an entry leaves when the server says that it has it. No answer, an error of
   the server, a sign-in page change nothing. */
(() => {
  "use strict";
  const { outbox } = window;
  if (!outbox?.person) return;
  const LARGEST = 50; // entries in a batch; halved when the server finds it too large
  const PATIENCE = 60_000; // milliseconds
  const ENDED = new Set(["recorded", "known", "late"]);
  // sent again it would be answered the same; 403 may also be a token that has changed
  const FOR_GOOD = new Set([400, 404, 409, 410, 413, 415, 422]);
  const UNFIT = new Set([400, 413, 422]); // of a batch: something in it
  const isForGood = (status, answer) => FOR_GOOD.has(status) || (status === 403 && answer.code === "forbidden");
  let largest = LARGEST;
  let again = false;
  let running = false;
  let photosAt = 0; // while other devices send entries the server asks to keep photos until then

  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";

  /* {status, answer} or {trouble}: a page instead of an answer is no verdict on what was sent. Whose
     entries these are is said as well: under another name the server takes nothing. */
  async function post(url, body, headers = {}, isAgain = false) {
    const response = await fetch(url, {
      method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken"), "X-Person": outbox.person, ...headers },
    });
    if (response.type === "opaqueredirect" || response.status === 401) return { trouble: "signed-out" };
    const isAnswer = /^application\/(problem\+)?json/.test(response.headers.get("Content-Type") ?? "");
    if (response.status === 413 && !isAnswer) return { trouble: "too-large" };
    if (!isAnswer || response.status >= 500 || response.status === 429) return { trouble: "no-answer" };
    const answer = await response.json();
    // a browser that was killed may have lost the token's cookie; the answer brought another
    if (answer.code === "csrf" && !isAgain) return post(url, body, headers, true);
    if (answer.code === "another_person") return { trouble: "another-person" };
    window.whileLeaving.saved();
    if (answer.photos_after) photosAt = Date.now() + answer.photos_after * 1000;
    return { status: response.status, answer };
  }
  const attempt = (...what) => post(...what).catch(() => ({ trouble: "no-answer" }));

  /* --- one round --------------------------------------------------------------------------- */

  const sendable = (entries) => entries.filter((entry) => !entry.refused);

  function eventOf(entry) {
    return { id: entry.id, sequence: outbox.sequenceOf(entry), sheet: entry.sheet, ...entry.event };
  }

  const sendJson = (url, said) => attempt(
    url, JSON.stringify({ ...said, sent_at: new Date().toISOString() }), { "Content-Type": "application/json" },
  );

  const answerOf = (entry) => ({ id: entry.id, sequence: outbox.sequenceOf(entry), ...entry.answer.body });

  /* Entries of one device: of sheets, or answers of one visit. */
  function sendBatch(entries) {
    const [{ device, answer }] = entries;
    if (answer) return sendJson(`/api/v1/visits/${answer.visit}/answers`, { device, answers: entries.map(answerOf) });
    return sendJson("/api/v1/events", { device, events: entries.map(eventOf) });
  }

  /* Not while somebody draws on it (photo-draw.js). */
  async function sendPhoto({ id }) {
    if (!navigator.locks) return sendPhotoNow(id);
    return navigator.locks.request(`pinzhi-photo-${id}`, { ifAvailable: true }, (lock) => lock ? sendPhotoNow(id) : {});
  }

  async function sendPhotoNow(id) {
    const entry = (await outbox.mine()).find((each) => each.id === id);
    if (!entry) return {}; // taken back meanwhile
    const { photo } = entry;
    const body = new FormData();
    const facts = {
      id: entry.id, device: entry.device, sequence: outbox.sequenceOf(entry), sha256: photo.sha256,
      original_sha256: photo.original_sha256, taken_at: photo.taken_at, sent_at: new Date().toISOString(),
      layer: photo.layer?.length ? JSON.stringify(photo.layer) : "",
    };
    Object.entries(facts).forEach(([name, value]) => value && body.append(name, value));
    body.append("file", photo.blob, photo.name);
    return attempt(`/api/v1/observations/${photo.observation}/photos`, body);
  }

  async function sendForm({ url, fields, file, name }) {
    const body = new FormData();
    Object.entries(fields).forEach(([field, value]) => body.append(field, value));
    if (file) body.append("photos", file, name);
    const { trouble, status, answer } = await attempt(url, body);
    if (trouble) return { trouble };
    const verdict = status < 400 ? { outcome: "recorded" } : { outcome: "refused", detail: answer.error, code: answer.code };
    return { status, answer: verdict };
  }

  /* A sheet is signed when all of it has arrived. */
  const signable = (entries) => sendable(entries).filter(({ sign, sheet }) => (
    sign && !entries.some((other) => other.sheet === sheet && !other.sign)
  ));

  async function sendSign({ sheet, sign }) {
    const { trouble, status, answer } = await sendJson(`/api/v1/sheets/${sheet}/sign-off`, sign.body);
    if (trouble || status >= 400) return { trouble, status, answer };
    return { status, answer: { outcome: "recorded", fingerprint: answer.fingerprint, url: answer.url } };
  }

  const sendSingle = (entry) => entry.photo ? sendPhoto(entry) : entry.sign ? sendSign(entry) : sendForm(entry.form);

  /* What became of entries, written down first and then told. */
  async function settle(entries, receipts) {
    const at = new Date().toISOString();
    const verdicts = new Map(receipts.map((receipt) => [receipt.id, receipt]));
    const known = entries.filter((entry) => verdicts.has(entry.id));
    const changes = {};
    const sent = [];
    const done = known.map((entry) => ({ entry, receipt: verdicts.get(entry.id) }));
    for (const { entry, receipt } of done) {
      if (ENDED.has(receipt.outcome)) {
        changes[entry.id] = null;
        sent.push(rowOf(entry, receipt, at));
      }
      if (receipt.outcome === "refused") changes[entry.id] = { refused: receipt };
    }
    Object.assign(changes, window.outboxEnds.overtaken(await outbox.mine(), changes));
    const isWritten = await outbox.change(changes, sent);
    window.outboxEnds.noteSent(at);
    outbox.announce("settled", done.filter(({ receipt }) => receipt.outcome !== "later").map(({ entry, receipt }) => (
      { receipt, entry: { ...entry, photo: entry.photo && { ...entry.photo, blob: null } } }
    )));
    return isWritten && done.every(({ receipt }) => receipt.outcome !== "later") && done.length === entries.length;
  }

  const rowOf = (entry, receipt, at) => ({
    id: entry.id, person: entry.person, sheet: entry.sheet, about: entry.about, at,
    outcome: receipt.outcome, label: [entry.label?.what, entry.label?.about, entry.label?.figure].filter(Boolean).join(" · "),
    kind: Object.keys(entry).find((name) => ["event", "photo", "form", "sign", "answer"].includes(name)),
    event: entry.event, item: entry.item, sha256: entry.photo?.sha256, original_sha256: entry.photo?.original_sha256,
    fingerprint: receipt.fingerprint, url: receipt.url,
  });

  /* The next ones of one device, and of one visit. */
  function batchOf(entries, first, size) {
    const next = entries.slice(first, first + size);
    const [one] = next;
    const other = next.findIndex(({ device, answer }) => device !== one.device || answer?.visit !== one.answer?.visit);
    return other < 0 ? next : next.slice(0, other);
  }

  /* What the server would not take at all, with its reason: nothing of it stands in a receipt. */
  const refusal = (id, { code, field, detail, title }) => ({ id, outcome: "refused", code, field, detail: detail || title });

  /* A batch that is not taken is halved until what is wrong with it stands alone; that is refused
     or, where only a proxy found it too large, left for later, and the rest goes on. Answers of a
     visit that is nobody's to carry out any more are refused together. */
  async function batchesRound(entries) {
    let whole = true;
    let size = largest;
    for (let first = 0; first < entries.length;) {
      const batch = batchOf(entries, first, size);
      const { trouble, status, answer } = await sendBatch(batch);
      const isUnfit = trouble === "too-large" || UNFIT.has(status);
      if (isUnfit && batch.length > 1) {
        size = Math.ceil(batch.length / 2);
        if (trouble || status === 413) largest = size;
        continue;
      }
      const isRefused = !trouble && (isUnfit || (batch[0].answer && isForGood(status, answer)));
      if (!isUnfit && !isRefused && (trouble || !Array.isArray(answer?.receipts))) return { trouble: trouble || "no-answer" };
      const receipts = trouble ? [] : isRefused ? batch.map(({ id }) => refusal(id, answer)) : answer.receipts;
      whole = await settle(batch, receipts) && whole;
      size = largest;
      first += batch.length;
    }
    return { trouble: whole ? "" : "later" };
  }

  async function singlesRound(entries, waiting) {
    let left = "";
    for (const entry of entries) {
      if (entry.photo && Date.now() < photosAt) continue;
      if (waiting.has(entry.photo?.observation ?? entry.form?.fields.observation)) continue;
      const { trouble, status, answer } = await sendSingle(entry);
      if (trouble && trouble !== "too-large") return { trouble };
      const isRefused = isForGood(status, answer) && !answer.outcome;
      const receipt = isRefused ? refusal(entry.id, answer) : { ...answer, id: entry.id };
      if (trouble || !receipt.outcome) left = "later"; // the next one may pass
      else if (!await settle([entry], [receipt])) left = "later";
    }
    return { trouble: left };
  }

  async function round() {
    await outbox.settled();
    await outbox.keepLoose();
    const entries = sendable(await outbox.mine());
    const { trouble } = await batchesRound(entries.filter((entry) => entry.event));
    if (trouble && trouble !== "later") return trouble;
    const answers = await batchesRound(entries.filter((entry) => entry.answer));
    if (answers.trouble && answers.trouble !== "later") return answers.trouble;
    const left = await outbox.mine();
    const waiting = new Set(left.filter((entry) => entry.event).map((entry) => entry.id));
    const singles = await singlesRound(sendable(left).filter(({ photo, form }) => photo || form), waiting);
    if (singles.trouble && singles.trouble !== "later") return singles.trouble;
    const signs = await singlesRound(signable(await outbox.mine()), new Set());
    return signs.trouble || singles.trouble || answers.trouble || trouble;
  }

  /* --- when ---------------------------------------------------------------------------------- */

  /* What breaks off, because another tab found this one asleep and took its turn, is tried later. */
  const inTurn = (action) => {
    if (!navigator.locks) return action();
    const giveUp = AbortSignal.timeout(2 * PATIENCE);
    return navigator.locks.request("pinzhi-outbox", { signal: giveUp }, action)
      // a tab that was put to sleep while it was sending
      .catch((error) => error.name === "TimeoutError" ? navigator.locks.request("pinzhi-outbox", { steal: true }, action) : "later")
      .catch(() => "later");
  };

  async function send() {
    again = true;
    if (running) return;
    running = true;
    pace.halt();
    outbox.announce("state", { sending: true, trouble: "" });
    let trouble = "";
    while (again && !trouble) {
      again = false;
      await outbox.settled();
      if (!sendable(await outbox.mine()).length) break;
      trouble = await inTurn(round);
    }
    running = false;
    outbox.announce("state", { sending: false, trouble });
    if (trouble) pace.failed();
    else pace.worked();
    if (!trouble && Date.now() < photosAt && (await outbox.mine()).some(({ photo }) => photo)) pace.after(photosAt - Date.now() + 1000 * Math.random());
  }

  const pace = window.delivery.pacing(send, 30_000);
  outbox.send = send;
  // where device.js loads it the page is there
  if ("late" in document.currentScript.dataset) pace.now();
  // and a tap may come in between
  else document.addEventListener("DOMContentLoaded", () => setTimeout(() => pace.now()));
})();
