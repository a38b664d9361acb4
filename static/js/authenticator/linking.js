// Linking an account: the offer comes with the address (a QR code) or is typed. The key pair is made here.
import { showAccounts } from "./accounts.js";
import { importCodeKey, makeKeyPair, publicPart } from "./keys.js";
import { send, tell } from "./panel.js";
import { keepLink } from "./store.js";
import { explain, fill, notify, show, text } from "./views.js";

let offer = null;

// Takes an offer out of the address, so that it stays in no history; returns whether there was one.
export function openOffer() {
  const found = /\/authenticator\/link\/([\w-]+)\//.exec(location.pathname);
  if (!found) return false;
  const isHere = new URLSearchParams(location.search).has("here");
  history.replaceState(null, "", "/authenticator/");
  look({ token: found[1] }, isHere);
  return true;
}

export function startLinking() {
  for (const button of document.querySelectorAll("[data-add]")) button.addEventListener("click", () => show("add"));
  for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", showAccounts);
  document.getElementById("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    look({ code: event.target.elements.code.value }, false);
  });
  document.getElementById("link-form").addEventListener("submit", (event) => {
    event.preventDefault();
    link(event.target.elements.name.value);
  });
}

async function look(secret, isHere) {
  show("working");
  try {
    const { account, suggested_name: suggested } = await send("offer", secret);
    offer = { secret, isHere };
    const view = document.querySelector('[data-view="link"]');
    fill(view, { name: account.name, initials: account.initials, login: account.login, panel: account.panel });
    document.getElementById("link-form").elements.name.value = suggested;
    show("link");
  } catch (error) {
    await showAccounts();
    if (secret.code) show("add");
    notify(explain(error));
  }
}

async function link(name) {
  if (!offer) return;
  const { secret, isHere } = offer;
  offer = null;
  show("working");
  try {
    const pair = await makeKeyPair();
    const told = await tell("link", { ...secret, name, public_key: await publicPart(pair) }, pair.privateKey);
    await keepLink({
      phone: told.phone,
      account: told.account,
      name: told.name,
      privateKey: pair.privateKey,
      codeKey: await importCodeKey(told.secret),
      isConfirmed: false,
      linkedAt: Date.now(),
    });
    navigator.storage?.persist?.();
    // Signed in on this phone, the panel's page to confirm it is one step away.
    if (isHere) location.assign(document.body.dataset.confirmUrl);
    else {
      await showAccounts();
      notify(text("linked", { login: told.account.login }));
    }
  } catch (error) {
    await showAccounts();
    notify(explain(error));
  }
}
