// The page's parts: which view shows, copies of its templates, texts with something filled in.
const texts = () => document.getElementById("texts").dataset;

export function show(name) {
  for (const view of document.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== name;
}

export const shown = () => document.querySelector("[data-view]:not([hidden])")?.dataset.view;

export function copyOf(name) {
  return document.getElementById(name).content.firstElementChild.cloneNode(true);
}

export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const slot of root.querySelectorAll(`[data-slot="${name}"]`)) slot.textContent = value;
  }
}

export function text(name, values = {}) {
  return (texts()[name] ?? "").replaceAll(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}

// What a refusal or a missing network means, in words.
export function explain(error) {
  const known = { offer_not_open: "offerNotOpen", last_factor: "lastFactor", request_not_open: "requestNotOpen", too_often: "tooOften" };
  if (error.code in known) return text(known[error.code]);
  return error.code ? text("failed") : text("unreachable");
}

let leaving = 0;

export function notify(message) {
  const notice = document.getElementById("notice");
  notice.textContent = message;
  notice.hidden = false;
  clearTimeout(leaving);
  leaving = setTimeout(() => { notice.hidden = true; }, 6000);
}

export function browserOf(request) {
  if (request.browser && request.system) return text("browserOnSystem", request);
  return request.browser || request.system || text("unknownBrowser");
}
