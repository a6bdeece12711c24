/* A click on a picture shows it whole over the page; arrow keys go through before and after.
   Without this the link opens the file. */
(() => {
  const links = () => [...document.querySelectorAll(".pair a, .shots a")];
  const box = document.getElementById("pair-view");
  if (!box?.showModal) return;
  const picture = box.querySelector("img");
  let here = 0;

  const show = (place) => {
    const all = links();
    here = (place + all.length) % all.length;
    const inner = all[here].querySelector("img");
    picture.src = all[here].href;
    picture.alt = inner.alt;
    box.querySelector("p").textContent = `${inner.alt} · ${here + 1} / ${all.length}`;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".pair a, .shots a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(links().indexOf(link));
    box.showModal();
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(here + step);
  });
  box.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step) show(here + Number(step));
    else if (!event.target.closest("img")) box.close();
  });
})();
