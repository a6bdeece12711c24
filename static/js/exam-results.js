/* Results save themselves row by row; what has not arrived is kept on this device. Enter goes on
   to the next person. */
(() => {
  "use strict";
  const form = document.getElementById("results");
  if (!form) return;
  const kept = window.delivery.store(form.dataset.store);
  const words = document.getElementById("sync-words").dataset;
  const place = document.getElementById("sync");
  const rows = [...form.querySelectorAll("[data-seat]")];
  const names = ["points", "absent", "remark", "revision"];
  const waiting = new Set();
  let busy = false;
  let signedOut = false;

  const field = (row, name) => row.querySelector(`[name="${name}-${row.dataset.seat}"]`);

  function typed(row) {
    return Object.fromEntries(names.map((name) => {
      const input = field(row, name);
      return [name, input.type === "checkbox" ? (input.checked ? "1" : "") : input.value];
    }));
  }

  const keepRow = (row) => kept.put(row.dataset.seat, typed(row));
  const forget = (row) => kept.drop(row.dataset.seat);

  function draw(row, name, error = "") {
    const content = name ? document.getElementById(`mark-${name}`).content.cloneNode(true) : "";
    row.querySelector("[data-mark]").replaceChildren(content);
    const line = row.querySelector("[data-error]");
    line.textContent = error;
    line.hidden = !error;
    row.classList.toggle("is-refused", Boolean(error));
  }

  function report() {
    const number = waiting.size;
    const wrong = form.querySelector(".is-refused");
    const unsent = (signedOut ? words.login : words.unsent).replace("#", number);
    place.textContent = number ? unsent : wrong ? words.wrong : words.saved;
  }

  function post(row) {
    const body = new URLSearchParams({ seat: row.dataset.seat, reason: form.elements.reason?.value ?? "" });
    Object.entries(typed(row)).forEach(([name, value]) => value && body.append(`${name}-${row.dataset.seat}`, value));
    return window.delivery.send(form.dataset.one, body, { patience: 20_000, keepalive: true });
  }

  async function send() {
    pace.halt();
    const [row] = waiting;
    if (busy || !row) return report();
    busy = true;
    const before = JSON.stringify(typed(row));
    draw(row, "saving");
    const { answer, ...outcome } = await post(row);
    busy = false;
    signedOut = Boolean(outcome.signedOut);
    if (!answer) {
      draw(row, "unsent");
      pace.failed();
      return report();
    }
    pace.worked();
    return settle(row, answer, before === JSON.stringify(typed(row)));
  }

  function settle(row, answer, isSame) {
    if (answer.revision !== undefined) field(row, "revision").value = answer.revision;
    if (isSame) {
      waiting.delete(row);
      if (!answer.error) forget(row);
    }
    draw(row, answer.error ? "" : "saved", answer.error);
    if (answer.words) document.getElementById("left").textContent = answer.words;
    return send();
  }

  const pace = window.delivery.pacing(send, 15_000);

  function enter(row) {
    keepRow(row);
    waiting.add(row);
    report();
    send();
  }

  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-seat]");
    if (!row) return;
    if (event.target.type === "checkbox" && event.target.checked) field(row, "points").value = "";
    if (event.target.classList.contains("mark-field") && event.target.value) field(row, "absent").checked = false;
    enter(row);
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-seat]");
    if (row) keepRow(row);
  });
  form.addEventListener("keydown", (event) => {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.classList.contains("mark-field")) return;
    event.preventDefault();
    const next = rows[rows.indexOf(event.target.closest("[data-seat]")) + step];
    if (next) field(next, "points").focus();
    else event.target.blur();
  });
  form.addEventListener("focusin", (event) => event.target.classList.contains("mark-field") && event.target.select());

  /* Left from before the page was closed: as it was typed, and sent again. */
  const left = kept.all();
  rows.forEach((row) => {
    const before = left.get(row.dataset.seat);
    if (!before || row.classList.contains("is-refused")) return;
    field(row, "points").value = before.points;
    field(row, "absent").checked = Boolean(before.absent);
    field(row, "remark").value = before.remark;
    enter(row);
  });
})();
