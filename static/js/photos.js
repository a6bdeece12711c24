/* Chosen pictures are sent at once and shown as kept, so that a long text or a lost connection
   does not take them along. What could not be sent stays chosen and goes with the form. */
(() => {
  const page = document.getElementById("finding");
  const form = document.getElementById("rectify-form");
  if (!form) return;
  const status = document.getElementById("uploading");

  const show = (answer) => {
    Object.entries(answer.parts).forEach(([name, html]) => {
      const part = document.querySelector(`[data-part="${name}"]`);
      if (part) part.outerHTML = html;
    });
    form.querySelectorAll("[data-wrong]").forEach((place) => {
      const errors = answer.errors[place.dataset.wrong] || [];
      place.textContent = errors.join(" ");
      place.hidden = !errors.length;
    });
    status.textContent = Object.keys(answer.errors).length ? "" : status.dataset.done;
  };

  const send = async (input) => {
    const data = new FormData();
    data.append("do", "photos");
    data.append("revision", form.elements.revision.value);
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    [...input.files].forEach((file) => data.append(input.name, file));
    status.textContent = status.dataset.sending;
    const answer = await fetch(page.dataset.url, {
      method: "POST", body: data, redirect: "manual", headers: { Accept: "application/json" },
    }).catch(() => null);
    if (answer?.ok) show(await answer.json());
    else status.textContent = answer?.type === "opaqueredirect" ? status.dataset.login : status.dataset.failed;
  };

  form.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.files.length) send(event.target);
  });
})();
