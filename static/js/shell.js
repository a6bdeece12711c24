/* What every page needs: a form is sent once, and asks before it loses what was typed. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.dataset.dirty = "";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.dirty = "yes";
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-dirty="yes"]')) event.preventDefault();
});

/* What is saved while a page is being left may be missing on the page that follows: that one was
   asked for before. Where it is the same page, it is asked for once more. */
window.whileLeaving = (() => {
  const KEY = "saved-while-leaving";
  const SOON = 20000; // milliseconds
  let leavingSince = 0;
  window.addEventListener("beforeunload", () => { leavingSince = Date.now(); });
  const isRecent = (time) => Date.now() - time < SOON;
  try {
    const [path, time] = JSON.parse(sessionStorage.getItem(KEY)) || [];
    sessionStorage.removeItem(KEY);
    if (path === location.pathname && isRecent(time)) location.reload();
  } catch {
    // no storage: then nothing was noted either
  }
  return {
    saved() {
      if (!isRecent(leavingSince)) return;
      try {
        sessionStorage.setItem(KEY, JSON.stringify([location.pathname, Date.now()]));
      } catch {
        // the page shows it the next time
      }
    },
  };
})();

/* "/" searches: into the field where there is one, else to the page that has it. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("[data-search]");
  const link = document.querySelector("a.find");
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.select();
  else link.click();
});

/* On a phone a section has more tabs than fit: the open page's is brought into sight. */
{
  const strip = document.querySelector(".sec-tabs");
  const open = strip?.querySelector("[aria-current]");
  if (open) strip.scrollLeft = open.offsetLeft - (strip.clientWidth - open.clientWidth) / 2;
}
