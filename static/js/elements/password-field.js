// <password-field>: shows and hides what is typed.
class PasswordField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const button = this.querySelector("[data-reveal]");
    if (!input || !button) return;
    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.setAttribute("aria-pressed", String(visible));
    };
    button.addEventListener("click", () => show(input.type === "password"));
    // A shown password must not be stored by the browser as ordinary text.
    input.form?.addEventListener("submit", () => show(false));
  }
}

customElements.define("password-field", PasswordField);
