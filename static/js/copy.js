// Buttons that copy a field's text; without scripts it is selected and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copy-said="${field.id}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // not over plain HTTP, or not allowed: the older way needs no permission
      document.execCommand("copy");
    }
    said.textContent = field.dataset.copied;
  });
}
