// Tells screen readers what changed, without moving the focus.

/** Speaks through an aria-live region. Texts of one moment are spoken together. */
export class Announcer {
  #waiting = [];

  constructor(region) {
    this.region = region;
  }

  say(text) {
    if (this.#waiting.push(text) === 1) requestAnimationFrame(() => this.#speak());
  }

  #speak() {
    this.region.textContent = this.#waiting.splice(0).join(". ");
  }
}
