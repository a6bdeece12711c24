/* Sections and item forms of a long rubric come when they are opened; without scripts their
   links lead there. */
window.rubricPieces = (() => {
  const page = document.getElementById("review-page").dataset;

  const piece = async (query) => {
    const answer = await fetch(page.address + query, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.text();
  };

  /* What was brought in comes alive (rubric-edit.js). */
  const announce = (element) => element?.dispatchEvent(new Event("rubric:opened", { bubbles: true }));

  const openPart = async (part) => {
    const { piece: query } = part.dataset;
    if (!query) return;
    delete part.dataset.piece;
    part.querySelector(".part-body").innerHTML = await piece(query);
    announce(part);
  };

  /* Opens an item's form in place; resolves to the form. */
  const openItem = async (key) => {
    const standing = document.getElementById(`i-${key}`);
    const holder = document.createElement("template");
    holder.innerHTML = await piece(`?item=${key}`);
    standing.replaceWith(holder.content);
    announce(document.getElementById(`i-${key}`));
    return document.getElementById(`f-${key}`);
  };

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.dataset?.piece) {
      openPart(event.target).catch(() => window.location.assign(page.address + event.target.dataset.piece));
    }
  }, true);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-piece-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openItem(link.closest("form").elements.row.value)
      .then((form) => form.querySelector("input:not([type=hidden]), textarea")?.focus())
      .catch(() => window.location.assign(link.href));
  });

  return { openItem, announce };
})();
