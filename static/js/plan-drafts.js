/* What was typed into a plan and is not saved yet, kept on this device: a reload, a lost
   connection or an expired session loses nothing. */
window.planDrafts = (() => {
  const page = document.getElementById("plan").dataset;
  const prefix = `plan:${page.reader}:${page.url}:`;

  const attempt = (action, otherwise) => {
    try {
      return action();
    } catch {
      return otherwise; // storage is full or forbidden: the page still works, it just can't keep
    }
  };

  return {
    keep: (key, value) => attempt(() => localStorage.setItem(prefix + key, JSON.stringify(value))),
    drop: (key) => attempt(() => localStorage.removeItem(prefix + key)),
    all: () => attempt(() => Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => [key.slice(prefix.length), JSON.parse(localStorage.getItem(key))]), []),
  };
})();
