// The phone's key pair and the key of its codes, made and used by WebCrypto. Private keys cannot be exported.
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

export const makeKeyPair = () => crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);

export async function publicPart(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { kty, crv, x, y };
}

export async function sign(text, privateKey) {
  const bytes = new TextEncoder().encode(text);
  return toBase64url(await crypto.subtle.sign(SIGNATURE, privateKey, bytes));
}

export function importCodeKey(secret) {
  const bytes = fromBase64url(secret);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

export const makeNonce = () => toBase64url(crypto.getRandomValues(new Uint8Array(18)));

export function toBase64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64url(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
