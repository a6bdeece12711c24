/* Puts what the server sends back into its places, except where somebody is typing. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  if (!root?.dataset.entry) return;

  const isBusy = (place) => [...place.querySelectorAll("textarea, input:not([type=hidden])")].some(
    (field) => field === document.activeElement || field.value !== field.defaultValue,
  );

  function replace(place, html) {
    const hadFocus = place.contains(document.activeElement);
    const open = [...place.querySelectorAll("details")].map((details) => details.open);
    place.innerHTML = html;
    place.querySelectorAll("details").forEach((details, n) => { details.open = Boolean(open[n]); });
    if (hadFocus) (place.querySelector("button, a, summary") ?? place.closest("[data-item]")?.querySelector("summary"))?.focus({ preventScroll: true });
  }

  root.addEventListener("sent", ({ detail: { op, parts } }) => {
    /* The form that was sent holds what was typed, and that has arrived. */
    root.querySelector(`form.move[data-op="${op.id}"]`)?.reset();
    Object.entries(parts).forEach(([id, html]) => {
      const place = document.getElementById(id);
      const typing = place && isBusy(place) && !place.querySelector(`form.move[data-op="${op.id}"]`);
      if (place && !typing) replace(place, html);
    });
    root.dispatchEvent(new CustomEvent("parts"));
  });
})();
