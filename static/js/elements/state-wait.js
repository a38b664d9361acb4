// <state-wait>: a page that waits for a phone goes on by itself. It hears the state by server-sent events
// (data-events) or asks for it (data-state). The state in data-goes-on sends the form inside; other ones
// than data-waits show the page anew.
const EVERY = 2000;

class StateWait extends HTMLElement {
  connectedCallback() {
    if (this.dataset.events && "EventSource" in window) this.listen();
    else this.poll();
  }

  disconnectedCallback() {
    this.stop();
  }

  listen() {
    this.source = new EventSource(this.dataset.events);
    this.source.addEventListener("state", (event) => this.heard(event.data));
    // Where too many listen already, the panel gives no stream: then this page asks instead.
    this.source.addEventListener("error", () => {
      if (this.source.readyState === EventSource.CLOSED) this.poll();
    });
  }

  poll() {
    this.timer ??= setInterval(() => this.ask(), EVERY);
  }

  async ask() {
    const response = await fetch(this.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response) return;
    if (response.ok && !response.redirected) this.heard((await response.json()).state);
    else if (response.redirected) location.reload();
  }

  heard(state) {
    if (this.isDone || state === this.dataset.waits) return;
    this.isDone = true;
    this.stop();
    if (state === this.dataset.goesOn) this.querySelector("form[data-go-on]").requestSubmit();
    else location.reload();
  }

  stop() {
    this.source?.close();
    clearInterval(this.timer);
  }
}

customElements.define("state-wait", StateWait);
