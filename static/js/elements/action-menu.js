// <action-menu>: arrow keys inside a popover menu; places it where the browser knows no anchors.
const PLACED_BY_CSS = CSS.supports("position-area", "block-end");
const ENTRIES = ".menu__item, .switcher__item";

class ActionMenu extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[popovertarget]");
    this.panel = this.querySelector("[popover]");
    if (!this.button || !this.panel) return;
    if (!PLACED_BY_CSS) this.panel.addEventListener("toggle", (event) => event.newState === "open" && this.place());
    this.panel.addEventListener("keydown", (event) => this.moved(event));
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      this.panel.showPopover();
      this.entries()[0]?.focus();
    });
  }

  entries() {
    return [...this.panel.querySelectorAll(ENTRIES)].filter((entry) => entry.checkVisibility());
  }

  moved(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const entries = this.entries();
    if (!entries.length) return;
    const here = entries.indexOf(document.activeElement);
    let next;
    if (event.key === "ArrowUp" && here < 0) next = entries.at(-1);
    else if (event.key in steps) next = entries.at((here + steps[event.key] + entries.length) % entries.length);
    else if (event.key === "Home" && here >= 0) next = entries[0];
    else if (event.key === "End" && here >= 0) next = entries.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  place() {
    const button = this.button.getBoundingClientRect();
    const panel = this.panel.getBoundingClientRect();
    const end = this.panel.classList.contains("menu__panel--end");
    const wanted = end ? button.right - panel.width : button.left;
    const below = button.bottom + 4 + panel.height < innerHeight || button.top < panel.height;
    this.panel.dataset.placed = "";
    this.panel.style.left = `${Math.max(8, Math.min(wanted, innerWidth - panel.width - 8))}px`;
    this.panel.style.top = `${below ? button.bottom + 4 : button.top - panel.height - 4}px`;
  }
}

customElements.define("action-menu", ActionMenu);
