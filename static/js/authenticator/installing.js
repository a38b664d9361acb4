// The app on the home screen: its worker, the offer to install it, and notifications where the browser has them.
import { fromBase64url } from "./keys.js";
import { tell } from "./panel.js";
import { keepFact, listLinks, readFact } from "./store.js";
import { notify, text } from "./views.js";

let prompt = null;

export async function startWorker() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/authenticator/worker.js", { scope: "/authenticator/" });
  await offerNotifications();
}

export function offerInstalling() {
  const button = document.getElementById("install");
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    button.hidden = false;
  });
  addEventListener("appinstalled", () => { button.hidden = true; });
  button.addEventListener("click", async () => {
    await prompt?.prompt();
    prompt = null;
    button.hidden = true;
  });
}

async function offerNotifications() {
  const { pushKey } = document.body.dataset;
  const button = document.getElementById("notifications");
  if (!pushKey || !("PushManager" in window) || Notification.permission === "denied") return;
  if (Notification.permission === "granted" && (await readFact("push"))) {
    await subscribeAll(pushKey).catch(() => {});
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = true;
    if ((await Notification.requestPermission()) !== "granted") return;
    try {
      await subscribeAll(pushKey);
      await keepFact("push", true);
      notify(text("notificationsOn"));
    } catch {
      notify(text("notificationsFailed"));
    }
  });
}

// One subscription of the browser serves all its accounts; the panel is told for each.
async function subscribeAll(pushKey) {
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: fromBase64url(pushKey) };
  const subscription = (await worker.pushManager.getSubscription()) ?? (await worker.pushManager.subscribe(options));
  for (const link of await listLinks()) {
    await tell("subscribe", { phone: link.phone, subscription: subscription.toJSON() }, link.privateKey);
  }
}
