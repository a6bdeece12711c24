/* A sheet whose sign-off waits on this device takes no more entries until that has gone or was
   taken back; what became of it stands on top. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const place = document.getElementById("signing");
  if (!root?.dataset.sheet || !place) return;
  const { outbox } = window;
  let shown = "";
  let arrived = null;

  function close(isClosed) {
    root.querySelectorAll(".sheet-part").forEach((part) => { part.inert = isClosed; });
    root.classList.toggle("is-signed", isClosed);
  }

  function show(name, sign) {
    const key = `${name} ${sign?.id ?? ""}`;
    if (shown === key) return;
    shown = key;
    place.replaceChildren(...(name ? [document.getElementById(`signing-${name}`).content.cloneNode(true)] : []));
    place.querySelectorAll("[data-why]").forEach((each) => { each.textContent = sign.refused.detail; });
    place.querySelectorAll("[data-fingerprint]").forEach((link) => {
      link.textContent = sign.fingerprint.slice(0, 16);
      link.href = sign.url;
    });
    // the page is there once somebody has signed
    place.querySelectorAll("[data-signed]").forEach((link) => { link.href = link.dataset.signed; });
    place.querySelector("[data-drop]")?.addEventListener("click", ({ currentTarget }) => {
      if (window.confirm(currentTarget.dataset.drop)) outbox.change({ [sign.id]: null });
    });
  }

  const nameOf = (sign, ops) => {
    if (sign.refused) return sign.refused.code === "signed" ? "by-others" : "refused";
    return ops.some((op) => op.refused) ? "held" : "waits";
  };

  function look(ops) {
    const sign = ops.find((op) => op.sign);
    if (root.dataset.entry) close(Boolean(arrived || (sign && !sign.refused)));
    if (arrived) show("arrived", arrived);
    else if (sign) show(nameOf(sign, ops), sign);
    else show("");
  }

  root.addEventListener("queue", ({ detail: { ops } }) => look(ops));

  /* Handed in and not signed: there are no entries, and sheet-queue.js is not here. */
  const lookAlone = async () => look((await outbox.mine()).filter(({ sheet }) => String(sheet) === root.dataset.sheet));
  if (!root.dataset.entry) {
    outbox.on("changed", lookAlone);
    document.addEventListener("DOMContentLoaded", lookAlone);
  }

  outbox.on("settled", (outcomes) => {
    const found = outcomes.find(({ entry, receipt }) => entry.sign && String(entry.sheet) === root.dataset.sheet && receipt.outcome === "recorded");
    if (found) arrived = found.receipt;
  });
})();
