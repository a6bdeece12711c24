// A tap on the attendance list is kept at once; without this the button posts its form.
const list = document.querySelector("form[data-taps]");

async function keep(button) {
  const row = button.closest("li");
  const body = new FormData(list);
  body.set("mark", button.value);
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(list.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const { words } = await answer.json();
    for (const each of row.querySelectorAll(".tr-tap")) each.setAttribute("aria-pressed", String(each === button));
    row.classList.remove("is-failed");
    const total = document.querySelector("[data-came]");
    if (total) total.textContent = words;
  } catch {
    row.classList.add("is-failed"); // the next tap goes the plain way, which says what is wrong
    row.dataset.plain = "";
  } finally {
    button.removeAttribute("aria-busy");
  }
}

list?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.matches(".tr-tap") || "plain" in button.closest("li").dataset) return;
  event.preventDefault();
  keep(button);
});
