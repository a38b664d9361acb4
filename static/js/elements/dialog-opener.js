// Opens dialogs: those of the page (where the browser has no `command`), and [data-dialog-remote]: a page's own form.
const KNOWS_COMMANDS = "commandForElement" in HTMLButtonElement.prototype;

const REFERENCES = ["for", "form", "list", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget", "commandfor", "data-for"];

// The form comes from another page, whose ids may be taken here.
function renameIds(form) {
  for (const element of form.querySelectorAll("[id]")) element.id = `remote-${element.id}`;
  for (const name of REFERENCES) {
    for (const element of form.querySelectorAll(`[${name}]`)) {
      const ids = element.getAttribute(name).split(/\s+/).filter(Boolean);
      element.setAttribute(name, ids.map((id) => `remote-${id}`).join(" "));
    }
  }
}

function openRemote(form) {
  renameIds(form);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("closedby", "any");
  dialog.setAttribute("aria-label", form.getAttribute("aria-label") ?? "");
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("[autofocus], .dialog__body :is(input:not([type=hidden]), select, textarea)")?.focus();
}

async function follow(link) {
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = answer.ok && page.querySelector("[data-dialog-page]");
    if (!form) throw new Error("This page asks nothing that fits a dialog.");
    // Its address may be the default one, which means another page here.
    if (!form.getAttribute("action")) form.setAttribute("action", answer.url);
    link.closest("[popover]")?.hidePopover();
    openRemote(document.adoptNode(form));
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const closer = event.target.closest("[data-dialog-close]");
  const around = closer?.closest("dialog");
  if (around) {
    event.preventDefault();
    around.close();
    return;
  }
  const opener = event.target.closest("[data-dialog-open], [command='show-modal']");
  const dialog = opener && document.getElementById(opener.dataset.dialogOpen ?? opener.getAttribute("commandfor"));
  if (dialog && (!KNOWS_COMMANDS || opener.dataset.dialogOpen)) {
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    return;
  }
  const link = event.target.closest("a[data-dialog-remote]");
  if (link) {
    event.preventDefault();
    follow(link);
  }
});
