/* The offers beside a plan: found by typing, and the source of the next line chosen with a tap. */
(() => {
  const find = () => {
    const field = document.getElementById("find");
    if (!field) return;
    const text = field.value.trim().toLowerCase();
    document.querySelectorAll("[data-group]").forEach((group) => {
      const items = [...group.querySelectorAll(".pull > li")];
      items.forEach((li) => { li.hidden = !li.textContent.toLowerCase().includes(text); });
      const left = items.some((li) => !li.hidden);
      group.hidden = !left;
      if (text && left) group.open = true;
    });
  };

  /* Long enough to be searched; drawn anew with every line that is taken up. */
  const show = () => {
    const place = document.querySelector("[data-find]");
    if (place) place.hidden = document.querySelectorAll("[data-group] .pull > li").length < 6;
  };

  document.addEventListener("input", (event) => {
    if (event.target.id === "find") find();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "find" && event.key === "Enter") event.preventDefault();
  });
  document.addEventListener("plan:shown", show);
  show();

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-from]");
    if (!link) return;
    event.preventDefault();
    document.getElementById("new-source").value = link.dataset.from;
    const field = document.getElementById("new");
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
})();
