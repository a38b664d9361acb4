// <photo-input>: shows the photograph that was chosen before it is sent; nothing leaves the device for it.
class PhotoInput extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.preview = this.querySelector("img");
    this.input?.addEventListener("change", () => this.show(this.input.files[0]));
  }

  show(file) {
    this.preview.hidden = true;
    this.toggleAttribute("data-chosen", false);
    if (!file?.type.startsWith("image/")) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      this.preview.src = reader.result;
      this.preview.hidden = false;
      this.toggleAttribute("data-chosen", true);
    });
    reader.readAsDataURL(file);
  }
}

customElements.define("photo-input", PhotoInput);
