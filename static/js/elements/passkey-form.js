// <passkey-form data-options="/…/" [data-create] [data-autofill="id of a field"]>: fetches a challenge, asks the
// browser's passkeys, and sends the answer with the form around it. What went wrong is said in [data-said].
const toBytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (list) => (list ?? []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));

function decode(options, creates) {
  const decoded = { ...options, challenge: toBytes(options.challenge) };
  if (creates) {
    decoded.user = { ...options.user, id: toBytes(options.user.id) };
    decoded.excludeCredentials = withBytes(options.excludeCredentials);
  } else {
    decoded.allowCredentials = withBytes(options.allowCredentials);
  }
  return decoded;
}

function encode(credential) {
  const { response } = credential;
  const encoded = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) encoded[name] = toText(response[name]);
  }
  if (response.getTransports) encoded.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: encoded,
  };
}

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.answer = this.form.elements.answer;
    this.creates = "create" in this.dataset;
    if (!window.PublicKeyCredential || !navigator.credentials) {
      for (const button of this.form.querySelectorAll("button")) button.disabled = true;
      this.say("unknown");
      return;
    }
    this.answer.value = "";
    this.form.addEventListener("submit", (event) => this.pressed(event));
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.answer.value = "";
    });
    if (this.dataset.autofill) this.watchField(document.getElementById(this.dataset.autofill));
  }

  async pressed(event) {
    if (this.answer.value) return;
    event.preventDefault();
    if (this.asking) return;
    this.asking = true;
    this.suggestion?.abort();
    this.say("");
    try {
      this.send(await this.ask({}));
    } catch (error) {
      this.say({ NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" }[error.name] ?? "failed");
    } finally {
      this.asking = false;
    }
  }

  async ask(how) {
    const answer = await fetch(this.dataset.options, {
      method: "POST",
      headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      credentials: "same-origin",
    });
    // Signed out meanwhile, or the proof has grown old: the page itself leads on.
    if (answer.redirected) {
      location.reload();
      return new Promise(() => {});
    }
    if (!answer.ok) throw new Error(`The challenge was answered with ${answer.status}.`);
    const publicKey = decode(await answer.json(), this.creates);
    return navigator.credentials[this.creates ? "create" : "get"]({ ...how, publicKey });
  }

  // Where the browser can, it offers passkeys among what it fills into the field.
  async watchField(field) {
    if (!field || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const suggest = async () => {
      this.suggestion = new AbortController();
      try {
        this.send(await this.ask({ mediation: "conditional", signal: this.suggestion.signal }));
      } catch {
        // Nothing was chosen; the button is still there.
      }
    };
    if (document.activeElement === field) suggest();
    else field.addEventListener("focus", suggest, { once: true });
  }

  send(credential) {
    if (!credential) return;
    this.answer.value = JSON.stringify(encode(credential));
    this.form.requestSubmit();
  }

  say(what) {
    for (const message of this.querySelectorAll("[data-said]")) message.hidden = message.dataset.said !== what;
  }
}

customElements.define("passkey-form", PasskeyForm);
