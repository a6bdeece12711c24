/* What is typed about a finding is kept on this device until the finding has moved on: a reload or
   an expired session loses nothing. */
(() => {
  const reach = (action) => {
    try {
      return action();
    } catch {
      return null; // storage is full or forbidden
    }
  };
  document.querySelectorAll("[data-keep]:not(form)").forEach((area) => {
    const { keep, asOf } = area.dataset;
    const kept = reach(() => JSON.parse(localStorage.getItem(keep)));
    if (kept?.asOf === asOf) area.value = kept.text;
    else reach(() => localStorage.removeItem(keep));
    area.addEventListener("input", () => reach(
      () => localStorage.setItem(keep, JSON.stringify({ text: area.value, asOf }))));
  });
})();
