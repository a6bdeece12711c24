/* Pictures chosen in a form (data-shrink) are made small before anybody else hears of them. A form that is
   sent meanwhile waits for them. */
(() => {
  "use strict";
  const working = new Map(); // input -> promise
  const done = new WeakSet(); // events that tell of small pictures

  const isPicture = ({ type }) => type.startsWith("image/");

  async function small(file) {
    if (!isPicture(file)) return file;
    const { blob, name } = await window.photoScale(file);
    return blob === file ? file : new File([blob], name, { type: blob.type, lastModified: file.lastModified });
  }

  async function shrink(input) {
    const chosen = [...input.files];
    const files = new DataTransfer();
    for (const file of chosen) files.items.add(await small(file)); // one at a time: a phone has little room
    if (chosen.every((file, n) => file === input.files[n])) input.files = files.files;
    const event = new Event("change", { bubbles: true });
    done.add(event);
    working.delete(input);
    input.dispatchEvent(event);
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-shrink]") || done.has(event)) return;
    if (![...input.files].some(isPicture)) return;
    event.stopImmediatePropagation();
    working.set(input, shrink(input));
  }, true);

  document.addEventListener("submit", async (event) => {
    const waiting = [...working].filter(([input]) => input.form === event.target).map(([, promise]) => promise);
    if (!waiting.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await Promise.all(waiting);
    event.target.requestSubmit(event.submitter);
  }, true);
})();
