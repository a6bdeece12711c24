/* A click on a picture shows it whole over the page; arrow keys go through all of them. What was drawn
   on it can be hidden; "draw" on the page asks for drawing. Without this the link opens the file. */
(() => {
  const links = () => [...document.querySelectorAll(".pair a:has(img), .shots a:has(img)")];
  const box = document.getElementById("pair-view");
  if (!box?.showModal) return;
  const picture = box.querySelector("img");
  const [shown, draw] = [box.querySelector("[data-drawn]"), box.querySelector("[data-draw]")];
  let here = 0;

  const inner = () => links()[here].querySelector("img");
  const layer = () => (window.photoLayer && inner().dataset.layer ? window.photoLayer.shapesOf(inner()) : []);

  const show = (place) => {
    const all = links();
    here = (place + all.length) % all.length;
    picture.src = all[here].href;
    picture.alt = inner().alt;
    box.querySelector("p").textContent = `${inner().alt} · ${here + 1} / ${all.length}`;
    if (shown) shown.hidden = !layer().length;
    if (draw) draw.hidden = !(inner().dataset.mine || inner().dataset.waiting);
    if (picture.complete) window.photoLayer?.over(picture, layer());
  };
  picture.addEventListener("load", () => box.open && window.photoLayer?.over(picture, layer()));

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".pair a, .shots a");
    if (!link || !links().includes(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(links().indexOf(link));
    box.showModal();
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(here + step);
  });
  box.addEventListener("click", (event) => {
    if (shown?.contains(event.target)) {
      const hidden = shown.getAttribute("aria-pressed") !== "true";
      shown.setAttribute("aria-pressed", String(hidden));
      return window.photoLayer.hide(hidden);
    }
    const step = event.target.closest("[data-turn]")?.dataset.turn;
    if (step) return show(here + Number(step));
    if (!event.target.closest("img, svg")) box.close();
    if (draw?.contains(event.target)) document.dispatchEvent(new CustomEvent("draw", { detail: inner() }));
    return undefined;
  });
  shown?.setAttribute("aria-pressed", String(document.documentElement.matches(".no-drawings")));
})();
