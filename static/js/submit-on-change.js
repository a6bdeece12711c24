// Filters that apply when something is chosen; typing still waits for the button or Enter. The page
// that follows gives the focus back to what was chosen, so that the keyboard goes on from there.
{
  const KEY = "filter:chosen";
  const AGE = 20000; // milliseconds; an older one was of a page that never came
  const attempt = (action) => {
    try {
      return action();
    } catch {
      return null; // storage is forbidden: the filter works, the focus is lost
    }
  };

  const kept = attempt(() => JSON.parse(sessionStorage.getItem(KEY)));
  attempt(() => sessionStorage.removeItem(KEY));
  if (kept?.path === location.pathname && Date.now() - kept.at < AGE) {
    const field = document.querySelector(`form[data-submit-on-change] select[name="${CSS.escape(kept.name)}"]`);
    field?.focus();
  }

  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    form.addEventListener("change", ({ target }) => {
      if (!target.matches("select")) return;
      const chosen = { path: location.pathname, name: target.name, at: Date.now() };
      attempt(() => sessionStorage.setItem(KEY, JSON.stringify(chosen)));
      form.requestSubmit();
    });
  }
}
