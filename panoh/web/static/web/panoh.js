// Comfort only: every page works without this file.
"use strict";

// A form that came back is read from its summary of problems.
function focusFirstProblem() {
  const problem = document.querySelector("[data-focus]");
  if (problem) problem.focus();
}

// "/" goes to the search box, as long as nobody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.getElementById("site-search");
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// J and K go to the next and the previous item, wherever a page says which they are (by the key's place: every layout).
document.addEventListener("keydown", (event) => {
  if (!["KeyJ", "KeyK"].includes(event.code) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const link = document.querySelector(`main a[rel=${event.code === "KeyJ" ? "next" : "prev"}]`);
  if (link) link.click();
});

// Choosing an agenda: the numbers follow the ticks, and the button says how many were chosen.
for (const choice of document.querySelectorAll("[data-agenda]")) {
  const form = choice.closest("form");
  const ticked = () => [...choice.querySelectorAll("input[name=case]:checked")].map((tick) => tick.closest("tr"));
  const order = (row) => row.querySelector("input.order");
  const told = () => {
    const many = ticked().length;
    const limit = Number(choice.dataset.limit) || Infinity;
    for (const place of form.querySelectorAll("[data-agenda-count]")) place.textContent = `(${many.toLocaleString(document.documentElement.lang)})`;
    choice.classList.toggle("too-many", many > limit);
  };
  choice.addEventListener("change", (event) => {
    if (event.target.name !== "case") return;
    const places = ticked().map((row) => Number(order(row).value) || 0);
    order(event.target.closest("tr")).value = event.target.checked ? Math.max(0, ...places) + 1 : "";
    told();
  });
  told();
}

// An open menu closes with Escape or with a press outside it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details:is(.site-person, .site-more)[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details:is(.site-person, .site-more)[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A button marked data-print prints; it is hidden where this file does not run.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form is sent once: a second press while the first is under way does nothing. Coming back with "back" frees it.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

focusFirstProblem();
