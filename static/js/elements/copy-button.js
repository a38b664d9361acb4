// <copy-button>: copies the text or value of [data-copy-source] and says so.
const SHOWN_FOR = 2000;

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-copy]")?.addEventListener("click", () => this.copy());
  }

  async copy() {
    const source = this.querySelector("[data-copy-source]");
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without permission (or without https) the text is marked, ready for the keyboard.
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      return;
    }
    const status = this.querySelector("[data-copy-status]");
    this.dataset.copiedNow = "";
    if (status) status.textContent = status.dataset.copied;
    setTimeout(() => {
      delete this.dataset.copiedNow;
      if (status) status.textContent = "";
    }, SHOWN_FOR);
  }
}

customElements.define("copy-button", CopyButton);
