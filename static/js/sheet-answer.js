/* Puts what the server sends back into its places, except where somebody is typing. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;

  const isBusy = (place) => [...place.querySelectorAll("textarea, input:not([type=hidden])")].some(
    (field) => field === document.activeElement || field.value !== field.defaultValue,
  );

  function replace(place, content) {
    const hadFocus = place.contains(document.activeElement);
    const open = [...place.querySelectorAll("details")].map((details) => details.open);
    place.replaceChildren(content);
    place.querySelectorAll("details").forEach((details, n) => { details.open = Boolean(open[n]); });
    if (hadFocus) (place.querySelector("button, a, summary") ?? place.closest("[data-item]")?.querySelector("summary"))?.focus({ preventScroll: true });
  }

  const isSentForm = (place, ids) => ids.some((id) => place.querySelector(`form.move[data-op="${id}"]`));

  root.addEventListener("pieces", ({ detail: { html, ids } }) => {
    const answer = document.createElement("template");
    answer.innerHTML = html;
    answer.content.querySelectorAll("template[data-for^='head-']").forEach((piece) => {
      window.sheetCards.build(document.getElementById(piece.dataset.for)?.closest("[data-item]"));
    });
    answer.content.querySelectorAll("template[data-for]").forEach((piece) => {
      const place = document.getElementById(piece.dataset.for);
      const typing = place && isBusy(place) && !isSentForm(place, ids);
      if (place && !typing) replace(place, piece.content);
    });
    root.dispatchEvent(new CustomEvent("parts"));
  });
})();
