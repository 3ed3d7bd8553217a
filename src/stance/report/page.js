"use strict";
const cells = [...document.querySelectorAll("td a[data-evidence]")];
const status = document.querySelector("[role=status]");
const boxes = [...document.querySelectorAll("fieldset input")];
let origin = null;

// A cell lights up the passage that its answer rests on; Escape leads back to the cell.
function show(cell) {
  document.querySelectorAll(".lit").forEach((part) => part.classList.remove("lit"));
  const parts = document.querySelectorAll(`[data-parts~="${cell.dataset.evidence}"]`);
  parts.forEach((part) => part.classList.add("lit"));
  if (!parts.length) return;
  status.textContent = [...parts].map((part) => part.textContent).join("");
  origin = cell;
  parts[0].tabIndex = -1;
  parts[0].focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  parts[0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

// Speakers and stances that are switched off lose their columns, cells and highlights; empty rows go.
function filter() {
  const off = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
  const hidden = (element) => off.has(element.dataset.speaker) || off.has(element.dataset.stance);
  document.querySelectorAll("th[data-speaker], td[data-speaker]").forEach((cell) => {
    cell.hidden = off.has(cell.dataset.speaker);
  });
  cells.forEach((cell) => { cell.hidden = hidden(cell); });
  document.querySelectorAll("mark").forEach((mark) => {
    const voices = mark.dataset.voices.split(" ").map((voice) => voice.split(":"));
    mark.classList.toggle("dim", voices.every(([speaker, stance]) => off.has(speaker) || off.has(stance)));
  });
  document.querySelectorAll("tbody tr").forEach((row) => {
    row.hidden = ![...row.querySelectorAll("a[data-evidence]")].some((cell) => !hidden(cell));
  });
}

// Arrow keys walk the cells that are shown: along the row, or to the nearest row that has any.
function walk(cell, key) {
  const shown = cells.filter((one) => one.offsetParent !== null);
  const rows = [...new Set(shown.map((one) => one.closest("tr")))];
  const row = cell.closest("tr");
  const inRow = (one) => shown.filter((other) => other.closest("tr") === one);
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const step = key === "ArrowRight" ? 1 : -1;
    return inRow(row)[inRow(row).indexOf(cell) + step];
  }
  const next = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
  if (!next) return undefined;
  const column = (one) => one.closest("td").cellIndex;
  return inRow(next).sort((a, b) => Math.abs(column(a) - column(cell)) - Math.abs(column(b) - column(cell)))[0];
}

document.addEventListener("click", (event) => {
  const cell = event.target.closest("a[data-evidence]");
  if (cell) { event.preventDefault(); show(cell); }
});
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("a[data-evidence]");
  if (event.key === "Escape" && origin) { origin.focus(); return; }
  if (!cell || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  walk(cell, event.key)?.focus();
});
boxes.forEach((box) => box.addEventListener("change", filter));
