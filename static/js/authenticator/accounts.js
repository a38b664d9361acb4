// The list of accounts: draws the codes, unlinks, and forgets what was unlinked in the panel.
import "./account-card.js";
import { present, tell } from "./panel.js";
import { forgetLink, keepLink, listLinks } from "./store.js";
import { explain, fill, notify, show, shown, text } from "./views.js";

const list = () => document.getElementById("accounts");

export async function showAccounts() {
  await drawAccounts();
  show(list().childElementCount ? "accounts" : "empty");
}

// The panel's news come at any moment: who is linking another account meanwhile stays there.
async function refreshAccounts() {
  await drawAccounts();
  if (["accounts", "empty"].includes(shown())) show(list().childElementCount ? "accounts" : "empty");
}

async function drawAccounts() {
  const links = await listLinks();
  const cards = new Map([...list().children].map((card) => [card.link.phone, card]));
  for (const [phone, card] of cards) {
    if (!links.some((link) => link.phone === phone)) card.remove();
  }
  for (const link of links) {
    const card = cards.get(link.phone);
    if (card) card.describe(link);
    else list().append(Object.assign(document.createElement("account-card"), { link }));
  }
  draw();
}

export async function updateLink(link, answer) {
  const changed = { ...link, account: answer.account, name: answer.name, isConfirmed: answer.is_confirmed };
  const known = ({ account, name, isConfirmed }) => JSON.stringify([account, name, isConfirmed]);
  if (known(link) === known(changed)) return;
  await keepLink(changed);
  await refreshAccounts();
}

export async function dropLink(link) {
  await forgetLink(link.phone);
  await refreshAccounts();
  notify(text("unlinkedInPanel", { login: link.account.login }));
}

function draw() {
  const seconds = present();
  for (const card of list().children) card.draw(seconds);
}

export function startDrawing() {
  setInterval(draw, 250);
  const dialog = document.getElementById("unlink-dialog");
  list().addEventListener("unlink", ({ detail: link }) => {
    dialog.link = link;
    fill(dialog, { login: link.account.login });
    dialog.showModal();
  });
  dialog.querySelector("[data-confirm]").addEventListener("click", () => unlink(dialog));
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
}

async function unlink(dialog) {
  const { link } = dialog;
  dialog.close();
  try {
    await tell("unlink", { phone: link.phone }, link.privateKey);
  } catch (error) {
    if (error.code !== "not_linked") return notify(explain(error));
  }
  await forgetLink(link.phone);
  await showAccounts();
  return notify(text("unlinked", { login: link.account.login }));
}
