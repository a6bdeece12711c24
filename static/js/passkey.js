// Forms that a passkey answers: shown where the browser knows how, sent with what it signed.
const able = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[data-failed]");
  form.hidden = !able;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      form.elements.passkey.value = JSON.stringify(await answered(form));
      form.submit();
    } catch {
      // nobody was there, or the owner thought better of it
      said.textContent = said.dataset.failed;
      said.hidden = false;
    }
  });
}
for (const note of document.querySelectorAll("[data-no-passkeys]")) {
  note.hidden = able;
}

async function answered(form) {
  const options = JSON.parse(form.dataset.options);
  const made = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return made.toJSON();
}
