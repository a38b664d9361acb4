// <theme-switch>: shows the chosen theme at once and stores the choice without leaving the page.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    form?.addEventListener("submit", (event) => {
      const theme = event.submitter?.value;
      if (!theme) return;
      event.preventDefault();
      this.choose(theme);
      this.store(form.action, new FormData(form, event.submitter));
    }, { capture: true });
  }

  // A link followed at once does not take the choice back: the request outlives the page.
  async store(address, body) {
    this.setAttribute("aria-busy", "true");
    try {
      await fetch(address, {
        method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: true,
      });
    } finally {
      this.removeAttribute("aria-busy");
    }
  }

  choose(theme) {
    document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll('theme-switch [name="theme"]')) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
