// <account-card>: one linked account with its present code and the time that is left of it.
import { codeOf, SECONDS, stepAt } from "./codes.js";
import { copyOf, fill, text } from "./views.js";

const ROUND = 2 * Math.PI * 15;
const SHORT = 6;

export class AccountCard extends HTMLElement {
  connectedCallback() {
    if (!this.firstElementChild) this.append(copyOf("account-template"));
    this.querySelector("[data-copy-code]").addEventListener("click", () => this.copy());
    this.querySelector("[data-unlink]").addEventListener("click", () => {
      this.dispatchEvent(new CustomEvent("unlink", { bubbles: true, detail: this.link }));
    });
    this.describe(this.link);
  }

  describe(link) {
    this.link = link;
    const { account } = link;
    fill(this, { initials: account.initials, panel: account.panel, login: account.login });
    this.querySelector("[data-unconfirmed]").hidden = link.isConfirmed;
    this.querySelector("[data-copy-code]").hidden = !link.isConfirmed;
  }

  async draw(seconds) {
    const step = stepAt(seconds);
    if (step !== this.step) {
      this.step = step;
      this.code = await codeOf(this.link.codeKey, step);
      fill(this, { code: `${this.code.slice(0, 3)} ${this.code.slice(3)}` });
    }
    const left = SECONDS - (seconds % SECONDS);
    this.querySelector("[data-ring]").setAttribute("stroke-dashoffset", String(ROUND * (1 - left / SECONDS)));
    fill(this, { left: String(Math.ceil(left)) });
    this.toggleAttribute("data-ending", left < SHORT);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.code);
      this.querySelector("[data-copied]").textContent = text("copied");
      setTimeout(() => { this.querySelector("[data-copied]").textContent = ""; }, 2000);
    } catch {
      // Without permission the code is there to read.
    }
  }
}

customElements.define("account-card", AccountCard);
