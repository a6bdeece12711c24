// The admin site's page of a form that was refused: the first wrong field is looked at, also where
// it stands in a row that is wider than the screen. Without scripts it is marked all the same.
{
  const place = document.querySelector(".form-row.errors, td:has(> .errorlist), .form-row .errors");
  const field = place?.querySelector("input:not([type=hidden]), select, textarea");
  if (field) {
    field.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center", inline: "center" });
  }
}
