/* The paper: what is tapped goes to the queue, what the server has is shown, time runs down. */
(() => {
  "use strict";
  const root = document.getElementById("sit");
  const clock = document.getElementById("clock");
  const mark = document.getElementById("sync");
  const answered = document.getElementById("answered");
  const questions = [...root.querySelectorAll("[data-position]")];
  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }));
  let ends = 0;
  let waiting = [];
  let state = "";
  let finishing = false;
  let isOver = false;

  const chosen = (question) => [...question.querySelectorAll("input:checked")].map((input) => input.value);

  function choose(question, places) {
    question.querySelectorAll(".option input").forEach((input) => {
      input.checked = places.map(String).includes(input.value);
    });
  }

  const open = () => questions.filter((question) => !chosen(question).length).length;
  const count = () => {
    answered.textContent = questions.length - open();
  };

  /* --- the clock: the server says how many seconds are left, this page only counts them ----- */

  const setClock = (left) => {
    ends = performance.now() + left * 1000;
  };

  function tick() {
    const left = Math.max(Math.ceil((ends - performance.now()) / 1000), 0);
    const [minutes, seconds] = [Math.floor(left / 60), String(left % 60).padStart(2, "0")];
    clock.textContent = `${minutes}:${seconds}`;
    clock.classList.toggle("text-late", left <= 60);
    if (!left && !isOver) finish();
  }

  /* Time is up: what is on its way still arrives, then the result is there. */
  function finish() {
    isOver = true;
    questions.forEach((question) => {
      question.disabled = true;
    });
    draw("over", 0);
    tell("sync");
    setTimeout(leave, waiting.length ? 20_000 : 3_000);
  }

  function leave() {
    root.dataset.dirty = "";
    window.location.replace(root.dataset.done);
  }

  /* --- how saving stands --------------------------------------------------------------------- */

  function draw(name, number) {
    if (state === `${name} ${number}`) return;
    state = `${name} ${number}`;
    const content = document.getElementById(`sync-${name}`).content.cloneNode(true);
    const place = content.querySelector("[data-count]");
    if (place) place.textContent = number;
    mark.replaceChildren(content);
    mark.dataset.state = name;
  }

  const nameOf = ({ fragile, signedOut, sending }) => {
    if (!waiting.length) return "saved";
    if (signedOut) return "signed-out";
    if (fragile) return "fragile";
    return sending && waiting.length === 1 ? "saving" : "unsent";
  };

  root.addEventListener("queue", ({ detail }) => {
    waiting = detail.waiting;
    if (!isOver) draw(nameOf(detail), waiting.length);
  });

  /* Another page of this paper may have answered as well; what waits here is newer. */
  root.addEventListener("standing", ({ detail }) => {
    setClock(detail.left);
    questions.forEach((question) => {
      const { position } = question.dataset;
      if (!waiting.includes(position)) choose(question, detail.chosen[position] ?? []);
    });
    count();
    if (finishing && !waiting.length) handIn();
    if (isOver) leave();
  });

  root.addEventListener("left-over", ({ detail }) => {
    detail.forEach((tap, position) => {
      const question = questions.find((each) => each.dataset.position === position);
      if (question) choose(question, tap.places);
    });
    count();
  });

  root.addEventListener("over", leave);

  root.addEventListener("change", (event) => {
    const question = event.target.closest("[data-position]");
    if (!question) return;
    tell("tap", { position: question.dataset.position, places: chosen(question) });
    count();
  });

  /* --- handing in: first everything is sent --------------------------------------------------- */

  function handIn() {
    root.action = root.dataset.finish;
    root.submit();
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const left = open();
    const words = left ? root.dataset.unanswered.replace("#", left) : root.dataset.sure;
    if (finishing || !window.confirm(words)) return;
    finishing = true;
    tell("sync");
  }, true);

  setClock(Number(root.dataset.left));
  tick();
  setInterval(tick, 500);
})();
