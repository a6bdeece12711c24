// A row of the league table opens in place to its rubrics; without scripts its link leads there.
function close(row, toggle) {
  row.classList.remove("is-open");
  row.nextElementSibling.remove();
  toggle.setAttribute("aria-expanded", "false");
}

async function open(row, toggle) {
  const answer = await fetch(toggle.dataset.row, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const detail = document.createElement("tr");
  const cell = detail.appendChild(document.createElement("td"));
  detail.className = "detail";
  cell.colSpan = row.cells.length;
  cell.innerHTML = await answer.text();
  row.after(detail);
  row.classList.add("is-open");
  toggle.setAttribute("aria-expanded", "true");
}

for (const toggle of document.querySelectorAll("[data-row]")) {
  toggle.setAttribute("role", "button");
  toggle.setAttribute("aria-expanded", "false");
  toggle.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      toggle.click();
    }
  });
  toggle.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = toggle.closest("tr");
    if (row.classList.contains("is-open")) {
      close(row, toggle);
    } else if (!toggle.hasAttribute("aria-busy")) {
      toggle.setAttribute("aria-busy", "true");
      open(row, toggle)
        .catch(() => location.assign(toggle.href))
        .finally(() => toggle.removeAttribute("aria-busy"));
    }
  });
}
