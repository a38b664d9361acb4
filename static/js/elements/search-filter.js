// <search-filter>: hides the entries of a list that do not contain what is typed, whatever the accents.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class SearchFilter extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("[data-filter-input]");
    const none = this.querySelector("[data-filter-none]");
    // Asked anew each time: a long list may arrive later.
    const entries = () => [...this.querySelectorAll("[data-filter-text]")];
    const filter = () => {
      const wanted = plain(input.value.trim());
      let found = 0;
      for (const entry of entries()) {
        entry.hidden = !plain(entry.dataset.filterText).includes(wanted);
        found += !entry.hidden;
      }
      if (none) none.hidden = found > 0;
    };
    this.addEventListener("htmx:afterSwap", () => input && filter());
    input?.addEventListener("input", filter);
    input?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      entries().find((entry) => !entry.hidden)?.querySelector("a, button")?.click();
    });
  }
}

customElements.define("search-filter", SearchFilter);
