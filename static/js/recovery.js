// A tick asks the server what would come of it; the address keeps what is ticked.
{
  const form = document.querySelector("[data-recovery]");
  const outcome = document.getElementById("recovery-outcome");
  let last = 0;
  form.querySelector("[data-without-scripts]").hidden = true;

  form.addEventListener("change", async () => {
    const asked = (last += 1);
    const query = new URLSearchParams(new FormData(form)).toString();
    const answer = await fetch(`${form.dataset.recovery}?${query}`);
    if (!answer.ok || answer.redirected) {
      form.submit();
      return;
    }
    const words = await answer.text();
    if (asked !== last) return;
    outcome.innerHTML = words;
    history.replaceState(null, "", `?${query}`);
  });
}
