"use strict";
// Sorts and filters the rows of a board in place.  Without this file the server does it.

const table = document.querySelector("table.board");
const form = document.querySelector("form.filters");

function state() {
  const data = new FormData(form);
  return { sort: data.get("sort"), order: data.get("order"), status: data.get("status"),
           text: data.get("text").trim() };
}

function compare(a, b) {
  const [x, y] = [Number(a), Number(b)];
  if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

function show(asked) {
  const headings = [...table.tHead.rows[0].cells];
  const place = headings.findIndex((cell) => cell.dataset.key === asked.sort);
  const rows = [...table.tBodies[0].rows];
  const name = (row) => row.dataset.text;
  const value = (row) => (place < 0 ? "" : row.cells[place].dataset.value);
  const sign = asked.order === "desc" ? -1 : 1;
  rows.sort((a, b) =>
    (value(a) === "") - (value(b) === "") ||
    sign * compare(value(a), value(b)) || compare(name(a), name(b)));
  let shown = 0;
  for (const row of rows) {
    const status = row.dataset.status;
    row.hidden = !((asked.status ? status === asked.status : status !== "refused") &&
                   row.dataset.text.includes(asked.text.toLowerCase()));
    shown += !row.hidden;
  }
  table.tBodies[0].append(...rows);
  for (const cell of headings) {
    if (cell.dataset.key === asked.sort) {
      cell.setAttribute("aria-sort", asked.order === "desc" ? "descending" : "ascending");
    } else {
      cell.removeAttribute("aria-sort");
    }
  }
  form.querySelector(".count").textContent = `${shown} of ${rows.length} rows`;
}

function remember(asked) {
  try {
    history.replaceState(null, "", "?" + new URLSearchParams(asked));
  } catch (error) {
    if (error.name !== "SecurityError") throw error;  // a page opened as a file has no history
  }
}

function apply() {
  const asked = state();
  show(asked);
  remember(asked);
}

if (table && form) {
  const given = new URLSearchParams(location.search);
  for (const name of ["sort", "order", "status", "text"]) {
    if (given.has(name)) form.elements[name].value = given.get(name);
  }
  show(state());
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("input", apply);
  table.tHead.addEventListener("click", (event) => {
    const cell = event.target.closest("th[data-key]");
    if (!cell || !event.target.closest("a")) return;
    event.preventDefault();
    const { sort, order } = form.elements;
    const first = cell.dataset.first || "asc";
    const flipped = order.value === "asc" ? "desc" : "asc";
    order.value = sort.value === cell.dataset.key ? flipped : first;
    sort.value = cell.dataset.key;
    apply();
  });
}
