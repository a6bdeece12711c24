/* A plan that can't be written any more shows what was typed on this device and never saved. */
(() => {
  const box = document.getElementById("leftover");
  const left = window.planDrafts.all();
  const texts = left.flatMap(([key, draft]) => (key.startsWith("line:")
    ? [draft.mine.problem, draft.mine.measure].filter((text, index) => (
      text && text !== [draft.base.problem, draft.base.measure][index]))
    : [draft.problem || draft]));
  if (!texts.length) {
    left.forEach(([key]) => window.planDrafts.drop(key));
    return;
  }
  texts.forEach((text) => {
    const quote = document.createElement("p");
    quote.className = "quote keep-lines mb-2";
    quote.textContent = text;
    box.querySelector("[data-texts]").append(quote);
  });
  box.querySelector("[data-discard]").addEventListener("click", () => {
    left.forEach(([key]) => window.planDrafts.drop(key));
    box.hidden = true;
  });
  box.hidden = false;
})();
