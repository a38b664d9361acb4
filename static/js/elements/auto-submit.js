// [data-auto-submit]: a select sends its form when another entry is chosen.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-auto-submit]")) event.target.form?.requestSubmit();
});
