// Requests for approval: asks the panel every few seconds while the app is open, and takes YES or NO.
import { dropLink, updateLink } from "./accounts.js";
import { tell, Unreachable } from "./panel.js";
import { listLinks } from "./store.js";
import { browserOf, copyOf, explain, fill, notify, text } from "./views.js";

const EVERY = 3000;
const SHOWN_AFTERWARDS = 2500;

const dialog = () => document.getElementById("request");
let open = null;
let asking = false;

export function startAsking() {
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  addEventListener("online", ask);
  navigator.serviceWorker?.addEventListener("message", ask);
  dialog().addEventListener("cancel", (event) => event.preventDefault());
  dialog().querySelector("[data-approve]").addEventListener("click", () => answer("approve"));
  dialog().querySelector("[data-refuse]").addEventListener("click", () => answer("refuse"));
  dialog().querySelector("[data-close]").addEventListener("click", close);
}

export async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    await askAll();
  } finally {
    asking = false;
  }
}

async function askAll() {
  let reached = navigator.onLine;
  const found = [];
  for (const link of await listLinks()) {
    try {
      const told = await tell("requests", { phone: link.phone }, link.privateKey);
      reached = true;
      await updateLink(link, told);
      found.push(...told.requests.map((request) => ({ request, link })));
    } catch (error) {
      if (error.code === "not_linked") await dropLink(link);
      else if (error instanceof Unreachable) reached = false;
    }
  }
  document.getElementById("offline").hidden = reached;
  if (found.length) present(found[0]);
  else if (open && !open.isAnswered) close();
}

function present({ request, link }) {
  if (open?.request.id === request.id) {
    if (!open.isAnswered) count(request);
    return;
  }
  open = { request, link, number: null, isAnswered: false };
  const root = dialog();
  root.dataset.state = "asking";
  fill(root, {
    question: text(request.is_sign_in ? "signingIn" : "proving"),
    login: link.account.login,
    panel: link.account.panel,
    browser: browserOf(request),
    address: request.address || "–",
    place: request.is_local ? text("localNetwork") : "",
  });
  root.querySelector("[data-approve]").disabled = true;
  drawChoices(root, request.choices);
  count(request);
  if (!root.open) root.showModal();
  navigator.vibrate?.(120);
}

function drawChoices(root, choices) {
  const place = root.querySelector("[data-choices]");
  place.replaceChildren(...choices.map((number) => {
    const choice = copyOf("choice-template");
    choice.querySelector("input").value = String(number);
    fill(choice, { number: String(number) });
    choice.addEventListener("change", () => {
      open.number = number;
      root.querySelector("[data-approve]").disabled = false;
    });
    return choice;
  }));
}

function count(request) {
  const left = Math.max(0, request.seconds_left);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  fill(dialog(), { left: text("timeLeft", { left: clock }) });
}

async function answer(kind) {
  if (!open || open.isAnswered) return;
  open.isAnswered = true;
  const { link, request, number } = open;
  const content = { phone: link.phone, request: request.id, answer: kind, number: kind === "approve" ? number : null };
  try {
    const told = await tell("answer", content, link.privateKey);
    const wrong = kind === "approve" && told.status === "refused";
    dialog().dataset.state = told.status;
    fill(dialog(), { outcome: text(wrong ? "wrongNumber" : told.status) });
    if (!wrong) setTimeout(closeIfShown, SHOWN_AFTERWARDS, request.id);
  } catch (error) {
    close();
    notify(explain(error));
  }
}

function closeIfShown(id) {
  if (open?.request.id === id) close();
}

function close() {
  dialog().close();
  open = null;
}
