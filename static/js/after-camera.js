/* The picture of after, taken over a translucent one of before: the same place, the same angle. Without a
   camera, or without leave to use it, the ordinary field takes it. */
(() => {
  "use strict";
  const box = document.getElementById("after-camera");
  const open = document.querySelector("[data-after-camera]");
  const form = document.getElementById("rectify-form");
  if (!box?.showModal || !open || !form || !navigator.mediaDevices?.getUserMedia) return;
  const [video, ghost] = [box.querySelector("video"), box.querySelector("[data-ghost]")];
  const [lack, take] = [box.querySelector("[data-lack]"), box.querySelector("[data-take]")];
  const next = box.querySelector("[data-other]");
  const words = box.querySelector("[data-which]");
  let stream = null;
  let here = 0;

  // the pictures of this round of work come and go as they are added and removed
  const before = () => [...form.querySelectorAll("[data-part=shots_before] img")];
  const field = () => form.querySelector("input[type=file][name=after]");
  const showWay = () => { open.hidden = !before().length; };

  function lay(number) {
    const all = before();
    here = number % all.length;
    ghost.src = all[here].closest("a").href;
    ghost.alt = all[here].alt;
    words.textContent = all.length > 1 ? `${all[here].alt} · ${here + 1} / ${all.length}` : all[here].alt;
    next.hidden = all.length < 2;
  }

  function state(ready) {
    lack.hidden = ready;
    take.disabled = !ready;
    video.hidden = !ready;
  }

  async function start() {
    box.showModal();
    lay(0);
    lack.hidden = true;
    take.disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1600 }, height: { ideal: 1200 } },
      });
      if (!box.open) return stop();
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      state(true);
    } catch {
      state(false);
    }
  }

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  }

  async function shoot() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    const files = new DataTransfer();
    const name = `${new Date().toISOString().slice(0, 19).replace(/\D/g, "")}.jpg`;
    files.items.add(new File([blob], name, { type: "image/jpeg" }));
    const input = field();
    input.files = files.files;
    box.close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  open.addEventListener("click", start);
  take.addEventListener("click", shoot);
  next.addEventListener("click", () => lay(here + 1));
  box.querySelector("[data-strength]").addEventListener("input", ({ target }) => {
    ghost.style.opacity = Number(target.value) / 100;
  });
  box.querySelector("[data-choose]").addEventListener("click", () => {
    box.close();
    field().click();
  });
  box.querySelector("[data-shut]").addEventListener("click", () => box.close());
  box.addEventListener("close", stop);
  new MutationObserver(showWay).observe(form, { childList: true, subtree: true });
  showWay();
})();
