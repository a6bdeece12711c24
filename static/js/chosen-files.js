/* Beside a button for files it says how many were chosen. */
document.addEventListener("change", ({ target }) => {
  const said = target.type === "file" && target.parentElement.querySelector("[data-chosen]");
  if (said) said.textContent = target.files.length ? target.dataset.counts.replace("#", target.files.length) : "";
});
