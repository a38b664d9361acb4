// <otp-input>: keeps digits only, also from a pasted "123 456"; with data-auto it sends its form when full.
class OtpInput extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.length = Number(this.input?.getAttribute("maxlength"));
    this.input?.addEventListener("paste", (event) => this.pasted(event));
    this.input?.addEventListener("input", () => this.changed());
  }

  pasted(event) {
    event.preventDefault();
    this.input.value = event.clipboardData.getData("text").replace(/\D/g, "").slice(0, this.length);
    this.changed();
  }

  changed() {
    const digits = this.input.value.replace(/\D/g, "");
    if (digits !== this.input.value) this.input.value = digits;
    if ("auto" in this.dataset && digits.length === this.length) this.input.form?.requestSubmit();
  }
}

customElements.define("otp-input", OtpInput);
