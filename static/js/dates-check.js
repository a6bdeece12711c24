/* While dates are typed, what looks wrong about them is said beside them: the same check as the
   button's, of which only the marked pieces are taken over. */
const form = document.querySelector("form[data-check]");
let asked = 0;
let waiting;

async function check() {
  const data = new FormData(form);
  data.set("do", "check");
  const mine = (asked += 1);
  const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: data });
  if (mine !== asked || answer.redirected) return; // a later one is on its way, or signed out
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const piece of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(piece.id);
    if (fresh) piece.innerHTML = fresh.innerHTML;
  }
}

form?.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => check().catch(() => {}), 150);
});
