// Every POST form: a second press while the first is under way sends nothing (data-submit-many: may, for downloads).
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "submitMany" in form.dataset) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  // Marked busy, not disabled: a disabled button would not send its name and value.
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back by the browser's history shows the page as it was left: free the forms again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) sent.delete(form);
  for (const busy of document.querySelectorAll('button[aria-busy="true"]')) busy.removeAttribute("aria-busy");
});
