// <password-meter data-for data-minimum data-words>: a hint by length and variety; the server decides.
const VARIETY = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];

function score(password, minimum) {
  if (password.length < minimum) return 0;
  const different = new Set(password.toLowerCase()).size;
  if (different < minimum / 3) return 1;
  const kinds = VARIETY.filter((kind) => kind.test(password)).length;
  const length = password.length >= minimum * 1.6 ? 2 : password.length >= minimum * 1.25 ? 1 : 0;
  return Math.min(4, 1 + length + (kinds > 1) + (kinds > 2));
}

class PasswordMeter extends HTMLElement {
  connectedCallback() {
    this.input = document.getElementById(this.dataset.for);
    this.input?.addEventListener("input", () => this.show());
  }

  show() {
    const word = this.querySelector(".password-meter__word");
    const { value } = this.input;
    if (!value) {
      delete this.dataset.score;
      word.textContent = "";
      return;
    }
    const reached = score(value, Number(this.dataset.minimum));
    this.dataset.score = reached;
    word.textContent = this.dataset.words.split("|")[reached];
  }
}

customElements.define("password-meter", PasswordMeter);
