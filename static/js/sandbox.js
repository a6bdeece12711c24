// A changed figure asks the server what would come of it; the address keeps what is tried.
{
  const form = document.querySelector("[data-sandbox]");
  const outcome = document.getElementById("sandbox-outcome");
  let last = 0;
  let pause;

  const ask = async () => {
    const asked = (last += 1);
    const query = new URLSearchParams(new FormData(form)).toString();
    const answer = await fetch(`?${query}&part=1`);
    if (asked !== last) return;
    if (!answer.ok || answer.redirected) {
      form.submit();
      return;
    }
    const words = await answer.text();
    if (asked !== last) return;
    outcome.innerHTML = words;
    history.replaceState(null, "", `?${query}`);
    outcome.querySelector("[data-sandbox-adopt]")?.setAttribute("action", `?${query}`);
  };
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, 250);
  });
}
