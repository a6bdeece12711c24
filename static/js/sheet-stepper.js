/* The two buttons beside an amount or a count: a step less or more, never beyond its bounds. */
document.addEventListener("click", (event) => {
  const button = event.target.closest(".stepper [data-by]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const wanted = Number(input.value || input.min) + Number(button.dataset.by);
  const amount = Math.min(Math.max(wanted, Number(input.min)), Number(input.max));
  input.value = String(Math.round(amount * 100) / 100);
  if (input.step !== "1" && !input.value.includes(".")) input.value += ".0";
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
