/* Results save themselves row by row; what has not arrived is kept on this device. Enter goes on
   to the next person. */
(() => {
  "use strict";
  const form = document.getElementById("results");
  if (!form) return;
  const { keep: prefix, one } = form.dataset;
  const words = document.getElementById("sync-words").dataset;
  const place = document.getElementById("sync");
  const rows = [...form.querySelectorAll("[data-seat]")];
  const names = ["points", "absent", "remark", "revision"];
  const waiting = new Set();
  let busy = false;
  let signedOut = false;
  let pause = 1000;
  let timer = 0;

  const field = (row, name) => row.querySelector(`[name="${name}-${row.dataset.seat}"]`);
  const attempt = (action, otherwise = null) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };
  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";

  function typed(row) {
    return Object.fromEntries(names.map((name) => {
      const input = field(row, name);
      return [name, input.type === "checkbox" ? (input.checked ? "1" : "") : input.value];
    }));
  }

  const keepRow = (row) => attempt(() => localStorage.setItem(prefix + row.dataset.seat, JSON.stringify(typed(row))));
  const forget = (row) => attempt(() => localStorage.removeItem(prefix + row.dataset.seat));

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

  async function post(row) {
    const body = new URLSearchParams({ seat: row.dataset.seat, reason: form.elements.reason?.value ?? "" });
    Object.entries(typed(row)).forEach(([name, value]) => value && body.append(`${name}-${row.dataset.seat}`, value));
    const response = await fetch(one, {
      method: "POST", body, redirect: "manual", keepalive: true, signal: AbortSignal.timeout(20_000),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (response.type === "opaqueredirect") return { signedOut: true };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { later: true };
    return { status: response.status, ...(await response.json()) };
  }

  async function send() {
    clearTimeout(timer);
    const [row] = waiting;
    if (busy || !row) return report();
    busy = true;
    const before = JSON.stringify(typed(row));
    draw(row, "saving");
    const answer = await post(row).catch(() => ({ later: true }));
    busy = false;
    signedOut = Boolean(answer.signedOut);
    if (answer.later || answer.signedOut) {
      draw(row, "unsent");
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, 15_000);
      return report();
    }
    pause = 1000;
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
  window.addEventListener("online", send);
  window.addEventListener("focus", send);

  /* Left from before the page was closed: as it was typed, and sent again. */
  rows.forEach((row) => {
    const kept = attempt(() => JSON.parse(localStorage.getItem(prefix + row.dataset.seat)));
    if (!kept || row.classList.contains("is-refused")) return;
    field(row, "points").value = kept.points;
    field(row, "absent").checked = Boolean(kept.absent);
    field(row, "remark").value = kept.remark;
    enter(row);
  });
})();
