// Speaks with the panel. What a phone says is signed; no cookie goes with it. The panel's answers tell its
// time, by which a phone whose clock is wrong corrects itself.
import { makeNonce, sign } from "./keys.js";
import { keepFact, readFact } from "./store.js";

const ROOT = "/authenticator/phone/";
const WAIT = 10_000;

let offset = 0;

export class Refused extends Error {
  constructor(code, status) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

export class Unreachable extends Error {}

export async function readClock() {
  offset = (await readFact("offset")) ?? 0;
}

// The panel's time in seconds, as well as this phone knows it.
export const present = () => Date.now() / 1000 + offset;

export async function send(operation, body) {
  let response;
  try {
    response = await fetch(ROOT + operation + "/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(WAIT),
    });
  } catch {
    throw new Unreachable();
  }
  const answer = await response.json().catch(() => ({ code: response.status === 429 ? "too_often" : "failed" }));
  if (typeof answer.time === "number") await correctClock(answer.time);
  if (!response.ok) throw new Refused(answer.code ?? "failed", response.status);
  return answer;
}

export async function tell(operation, content, privateKey) {
  try {
    return await send(operation, await seal(operation, content, privateKey));
  } catch (refused) {
    if (refused.code !== "clock_differs") throw refused;
    return send(operation, await seal(operation, content, privateKey));
  }
}

async function seal(operation, content, privateKey) {
  const message = JSON.stringify({
    ...content,
    do: operation,
    at_panel: document.body.dataset.panel,
    sent: Math.round(present()),
    nonce: makeNonce(),
  });
  return { message, signature: await sign(message, privateKey) };
}

async function correctClock(time) {
  const found = time - Date.now() / 1000;
  // The way here takes a moment; only what matters is kept.
  if (Math.abs(found - offset) < 2) return;
  offset = Math.abs(found) < 2 ? 0 : found;
  await keepFact("offset", offset);
}
