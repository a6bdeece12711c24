/* Beside a plan: whenever a line is opened or its problem typed, lessons of similar problems. */
(() => {
  const panel = document.querySelector("[data-lessons]");
  const place = panel.querySelector("[data-lessons-here]");
  const DELAY = 600; // milliseconds without a key before the server is asked
  let timer, asked = "";

  const ask = async (line, problem) => {
    const query = new URLSearchParams(line ? { line } : {});
    if (problem) query.set("problem", problem.slice(0, 300));
    if (query.toString() === asked) return;
    asked = query.toString();
    const answer = await fetch(`${panel.dataset.lessons}?${query}`, { redirect: "manual" }).catch(() => null);
    if (answer?.ok && query.toString() === asked) place.innerHTML = await answer.text();
  };

  const look = (event) => {
    const line = event.target.closest("[data-line]");
    const isNew = event.target.id === "new";
    if (!line && !isNew) return;
    const text = isNew ? event.target : line.querySelector("textarea[name$='-problem'], input[name$='-problem']:not([type=hidden])");
    if (!text) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(line?.dataset.line, text.value.trim()), event.type === "input" ? DELAY : 0);
  };

  document.addEventListener("focusin", look);
  document.addEventListener("input", look);
})();
