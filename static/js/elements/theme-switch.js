// <theme-switch>: shows the chosen theme at once and stores the choice without leaving the page.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    form?.addEventListener("submit", (event) => {
      const theme = event.submitter?.value;
      if (!theme) return;
      event.preventDefault();
      this.choose(theme);
      const body = new FormData(form, event.submitter);
      fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
    }, { capture: true });
  }

  choose(theme) {
    document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll('theme-switch [name="theme"]')) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
