/* A draft's page: asks before an item goes, and lets items be dragged to another place. The
   buttons do the same without it. */
(() => {
  const form = document.getElementById("arrange");
  let dragged = null;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-sure]");
    if (button && !window.confirm(button.dataset.sure)) event.preventDefault();
  });

  const put = (code, before) => {
    const move = document.createElement("input");
    Object.assign(move, { type: "hidden", name: "do", value: `put ${code} ${before}` });
    form.append(move);
    form.requestSubmit();
  };

  const over = (event) => {
    const item = event.target.closest(".rubric-item");
    return item && item !== dragged ? item : null;
  };

  const clear = () => document.querySelectorAll(".is-over")
    .forEach((item) => item.classList.remove("is-over"));

  for (const item of document.querySelectorAll(".rubric-item")) {
    item.querySelector(".code").draggable = true;
    item.querySelector(".code").classList.add("is-handle");
  }

  document.addEventListener("dragstart", (event) => {
    if (!event.target.classList?.contains("is-handle")) return;
    dragged = event.target.closest(".rubric-item");
    event.dataTransfer.setData("text/plain", dragged.id);
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });

  document.addEventListener("dragover", (event) => {
    const item = dragged && over(event);
    clear();
    if (!item) return;
    event.preventDefault();
    item.classList.add("is-over");
  });

  document.addEventListener("drop", (event) => {
    const item = dragged && over(event);
    if (!item) return;
    event.preventDefault();
    put(dragged.id, item.id);
  });

  document.addEventListener("dragend", () => {
    clear();
    dragged = null;
  });
})();
