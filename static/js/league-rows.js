// A row of the league table opens in place to its rubrics; without scripts its link leads there.
(() => {
  function close(row, toggle) {
    row.classList.remove("is-open");
    row.nextElementSibling.remove();
    toggle.setAttribute("aria-expanded", "false");
  }

  async function figures(toggle) {
    const answer = await fetch(toggle.dataset.row, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.text();
  }

  async function open(row, toggle) {
    const detail = document.createElement("tr");
    const cell = detail.appendChild(document.createElement("td"));
    detail.className = "detail";
    cell.colSpan = row.cells.length;
    cell.innerHTML = await figures(toggle);
    show(row, detail);
  }

  function show(row, detail) {
    row.after(detail);
    row.classList.add("is-open");
    row.querySelector("[data-row]").setAttribute("aria-expanded", "true");
  }

  function turn(toggle) {
    const row = toggle.closest("tr");
    if (row.classList.contains("is-open")) {
      close(row, toggle);
    } else if (!toggle.hasAttribute("aria-busy")) {
      toggle.setAttribute("aria-busy", "true");
      open(row, toggle)
        .catch(() => location.assign(toggle.href))
        .finally(() => toggle.removeAttribute("aria-busy"));
    }
  }

  function prepare() {
    for (const toggle of document.querySelectorAll("[data-row]:not([role])")) {
      toggle.setAttribute("role", "button");
      toggle.setAttribute("aria-expanded", "false");
    }
  }

  document.addEventListener("keydown", (event) => {
    const toggle = event.key === " " && event.target.closest("[data-row]");
    if (!toggle) return;
    event.preventDefault();
    turn(toggle);
  });
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-row]");
    if (!toggle || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(toggle);
  });
  // what was open stays open when the rows were replaced, with its figures asked for again
  document.addEventListener("league:changed", ({ detail: { opened } }) => {
    prepare();
    for (const [row, detail] of opened) {
      show(row, detail);
      figures(row.querySelector("[data-row]")).then((html) => {
        if (!detail.contains(document.activeElement)) detail.cells[0].innerHTML = html;
      }, () => {});
    }
  });
  prepare();
})();
