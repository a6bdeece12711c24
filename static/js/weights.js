// The sum of the weights while they are typed, so that 100 is seen before it is asked for.
const sum = document.querySelector("[data-percent-sum]");
if (sum) {
  const fields = [...document.querySelectorAll("[data-percent]")];
  const show = () => {
    const hundredths = fields.reduce((all, field) => all + Math.round(Number(field.value || 0) * 100), 0);
    sum.value = Number.isNaN(hundredths) ? "—" : `${hundredths / 100}%`;
    sum.classList.toggle("text-warn", hundredths !== 10000);
  };
  fields.forEach((field) => field.addEventListener("input", show));
  show();
}
