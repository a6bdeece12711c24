/* Arrows and circles on a picture of one's own: the finger or the pointer draws them, buttons take them back.
   Listens for "draw" (an img) on the page; what is kept goes out as an "entry" of the sheet, or with
   the picture where that waits itself: it is not sent meanwhile. */
(() => {
  "use strict";
  const root = document.getElementById("sheet");
  const box = document.getElementById("photo-draw");
  if (!root?.dataset.entry || !box?.showModal) return;
  const [stage, picture] = [box.querySelector(".draw-stage"), box.querySelector("img")];
  const [undo, clear, keep] = ["undo", "clear", "store"].map((name) => box.querySelector(`[data-${name}]`));
  const SMALLEST = 0.02; // of the picture: a tap draws nothing
  const MOST = 50;
  let image = null; // on the page
  let shapes = [];
  let under = null; // being drawn
  let before = "";
  let kept = null; // a promise: what was drawn on a picture that waits

  const kind = () => box.querySelector("[name=mark]:checked").value;
  const whole = () => [...shapes, ...(under ? [under] : [])];

  function draw() {
    window.photoLayer.over(picture, whole());
    undo.disabled = clear.disabled = !shapes.length;
    keep.disabled = JSON.stringify(shapes) === before;
  }

  function place({ clientX, clientY }) {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height]
      .map((share) => Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 10_000);
  }

  const { outbox } = window;
  const waitingFor = async (id) => (await outbox.mine()).find((entry) => entry.id === id && entry.photo);

  /* A lock of the browser, which also ends with the page. */
  function hold(detail) {
    const { waiting } = detail.dataset;
    navigator.locks.request(`pinzhi-photo-${waiting}`, async () => {
      if (!await waitingFor(waiting)) return; // sent just now: it is drawn on where it shows as sent
      open(detail);
      await new Promise((done) => { box.addEventListener("close", done, { once: true }); });
      await kept;
    }).then(() => outbox.send());
  }

  document.addEventListener("draw", ({ detail }) => {
    if (detail.dataset.waiting && navigator.locks) hold(detail);
    else if (!detail.dataset.waiting) open(detail);
  });

  function open(detail) {
    image = detail;
    shapes = window.photoLayer.shapesOf(image);
    before = JSON.stringify(shapes);
    under = null;
    picture.src = image.closest("a").href;
    box.showModal();
    draw();
  }
  picture.addEventListener("load", () => box.open && draw());

  stage.addEventListener("pointerdown", (event) => {
    if (event.button || !event.isPrimary || shapes.length >= MOST) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    under = { kind: kind(), from: place(event), to: place(event) };
  });
  stage.addEventListener("pointermove", (event) => {
    if (!under || !event.isPrimary) return;
    under.to = place(event);
    draw();
  });
  stage.addEventListener("pointerup", () => {
    if (!under) return;
    const { from, to } = under;
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) >= SMALLEST) shapes.push(under);
    under = null;
    draw();
  });
  stage.addEventListener("pointercancel", () => {
    under = null;
    draw();
  });

  undo.addEventListener("click", () => {
    shapes.pop();
    draw();
  });
  clear.addEventListener("click", () => {
    shapes = [];
    draw();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo.click();
  });
  box.querySelector("[data-leave]").addEventListener("click", () => box.close());
  async function putWith(id, layer) {
    const entry = await waitingFor(id);
    if (entry) await outbox.change({ [id]: { photo: { ...entry.photo, layer } } });
  }

  keep.addEventListener("click", () => {
    image.dataset.layer = JSON.stringify(shapes);
    window.photoLayer.over(image, shapes);
    if (image.dataset.waiting) kept = putWith(image.dataset.waiting, [...shapes]);
    else enter();
    box.close();
  });

  function enter() {
    const item = image.closest("[data-item]");
    const id = outbox.newId();
    root.dispatchEvent(new CustomEvent("entry", { detail: {
      id, item: Number(item.dataset.item),
      form: { url: root.dataset.entry, fields: {
        do: "draw", id, observation: image.dataset.mine, photo: image.dataset.photo, shapes: JSON.stringify(shapes),
      } },
      label: { do: "draw", what: item.querySelector("h3").textContent.trim(), about: image.alt },
    } }));
  }
})();
