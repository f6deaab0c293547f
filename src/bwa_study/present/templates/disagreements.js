"use strict";
const filters = [...document.querySelectorAll("select[data-field]")];
const rows = [...document.querySelectorAll(".row")];
const places = [...document.querySelectorAll("article")];
const count = document.getElementById("count");
function show() {
  let n = 0;
  for (const row of rows) {
    row.hidden = filters.some((one) => one.value && !row.dataset[one.dataset.field].split(one.dataset.field === "code" ? " " : "\n").includes(one.value));
    n += row.hidden ? 0 : 1;
  }
  for (const place of places) place.hidden = !place.querySelector(".row:not([hidden])");
  count.textContent = String(n);
}
for (const one of filters) one.addEventListener("change", show);
document.getElementById("reset").addEventListener("click", () => {
  for (const one of filters) one.value = "";
  show();
});
show();
