// The authenticator on the phone: accounts with their codes, requests to answer, linking. See docs/authenticator.md.
import { showAccounts, startDrawing } from "./accounts.js";
import { offerInstalling, startWorker } from "./installing.js";
import { openOffer, startLinking } from "./linking.js";
import { readClock } from "./panel.js";
import { ask, startAsking } from "./requests.js";

async function start() {
  offerInstalling();
  await readClock();
  startDrawing();
  startLinking();
  if (!openOffer()) await showAccounts();
  startAsking();
  document.body.dataset.ready = "";
  await ask();
  await startWorker();
}

start();
