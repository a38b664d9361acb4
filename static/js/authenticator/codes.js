// The six digits of each half minute (RFC 6238 with SHA-256), computed on the phone: no network needed.
export const SECONDS = 30;
const DIGITS = 6;

export const stepAt = (seconds) => Math.floor(seconds / SECONDS);

export async function codeOf(key, step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const digest = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const offset = digest.getUint8(digest.byteLength - 1) & 0x0f;
  const number = (digest.getUint32(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, "0");
}
