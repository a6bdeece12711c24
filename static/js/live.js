/* Asks again now and then how a part of the page stands: not while nobody looks, and not under
   somebody's hand. Without scripts the page is as it was when it was opened. */
(() => {
  "use strict";
  const place = document.querySelector("[data-live]");
  if (!place) return;
  const every = Number(place.dataset.every) * 1000;

  const isBusy = () => place.contains(document.activeElement)
    || [...place.querySelectorAll("input:not([type=hidden]), select")].some((field) => field.value !== (field.defaultValue ?? field.value));

  async function refresh() {
    if (document.hidden || isBusy()) return;
    const answer = await fetch(place.dataset.live, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok || isBusy()) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    place.replaceChildren(fresh.content);
  }

  setInterval(refresh, every);
  document.addEventListener("visibilitychange", refresh);
})();
