// <toast-list>: messages go by themselves after a while, but not errors and not while somebody reads them.
const SHOWN_FOR = 6000;

class ToastList extends HTMLElement {
  connectedCallback() {
    for (const toast of this.querySelectorAll(".toast")) {
      if (toast.getAttribute("role") !== "alert") this.leaveLater(toast);
    }
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-toast-close]")) this.leave(event.target.closest(".toast"));
    });
  }

  leaveLater(toast) {
    let timer = setTimeout(() => this.leave(toast), SHOWN_FOR);
    const wait = () => clearTimeout(timer);
    const again = () => {
      wait();
      timer = setTimeout(() => this.leave(toast), SHOWN_FOR / 2);
    };
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, wait);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, again);
  }

  leave(toast) {
    toast.dataset.leaving = "";
    setTimeout(() => toast.remove(), 220);
  }
}

customElements.define("toast-list", ToastList);
