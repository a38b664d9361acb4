// <bulk-table data-bulk="form id">: counts what is selected, selects all, ranges with Shift, and shows the bulk bar.
class BulkTable extends HTMLElement {
  connectedCallback() {
    this.bar = this.dataset.bulk && document.getElementById(this.dataset.bulk);
    if (this.dataset.bulk && !this.bar) {
      // The bar stands after the table: wait until the document is read.
      document.addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
      return;
    }
    if (!this.bar) return;
    this.all = this.querySelector("[data-bulk-all]");
    if (this.all) this.all.hidden = false;
    this.addEventListener("change", (event) => this.changed(event));
    this.addEventListener("click", (event) => this.ranged(event));
    this.bar.querySelector("[data-bulk-clear]")?.addEventListener("click", () => this.choose(false));
    this.show();
  }

  boxes() {
    return [...this.querySelectorAll(`input[type="checkbox"][form="${CSS.escape(this.dataset.bulk)}"]:not(:disabled)`)];
  }

  changed(event) {
    if (event.target === this.all) this.choose(this.all.checked);
    else this.show();
  }

  ranged(event) {
    const boxes = this.boxes();
    const here = boxes.indexOf(event.target);
    if (here < 0) return;
    if (event.shiftKey && this.last !== undefined) {
      const [from, to] = [this.last, here].sort((a, b) => a - b);
      for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
      this.show();
    }
    this.last = here;
  }

  choose(checked) {
    for (const box of this.boxes()) box.checked = checked;
    this.show();
  }

  show() {
    const boxes = this.boxes();
    const count = boxes.filter((box) => box.checked).length;
    this.bar.toggleAttribute("data-count", count > 0);
    this.bar.querySelector("[data-bulk-count]").textContent = count || "";
    if (!this.all) return;
    this.all.checked = count > 0 && count === boxes.length;
    this.all.indeterminate = count > 0 && count < boxes.length;
  }
}

customElements.define("bulk-table", BulkTable);
