// <record-form>: shows what the chosen type of a DNS record needs: its hint, and the priority where it has one.
class RecordForm extends HTMLElement {
  connectedCallback() {
    this.type = this.querySelector("select[name=type]");
    if (!this.type) return;
    this.type.addEventListener("change", () => this.fit());
    this.fit();
  }

  fit() {
    let hasPriority = false;
    for (const hint of this.querySelectorAll("[data-hint]")) {
      const isChosen = hint.dataset.hint === this.type.value;
      hint.hidden = !isChosen;
      if (isChosen) hasPriority = hint.dataset.hasPriority === "1";
    }
    const priority = this.querySelector("[data-priority]");
    if (priority) priority.hidden = !hasPriority;
  }
}

customElements.define("record-form", RecordForm);
