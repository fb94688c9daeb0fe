// Decisions that were made by key: each is held for a moment, in which it can be taken back, and then sent.

import { setText, slot } from "./dom.js";
import { showLine } from "./text.js";

const wholePause = 4000;
const reserve = 15000;

/** How long a decision may be held if the request ends in `left` milliseconds; 0 if time is short. */
export function pauseFor(left) {
  return Number.isNaN(left) ? wholePause : Math.max(0, Math.min(wholePause, left - reserve));
}

export class HeldDecisions {
  #held = [];

  /** `desk` receives send(decisions) and takeBack(decisions). */
  constructor(part, desk) {
    this.desk = desk;
    this.bar = part.querySelector("#held");
    slot(this.bar, "undo").addEventListener("click", () => this.undo());
    // Whoever leaves the page has decided.
    part.addEventListener("visibilitychange", () => part.hidden && this.sendAll());
  }

  /** `title`: what is decided, in words. */
  add(title, decisions, pause) {
    const one = { title, decisions };
    one.timer = setTimeout(() => this.#send(one), pause);
    this.#held.push(one);
    this.#show();
  }

  /** Takes the latest one back. */
  undo() {
    const one = this.#held.at(-1);
    if (!one) return;
    this.#drop(one);
    this.desk.takeBack(one.decisions);
  }

  /**
   * To be called when the request of that row is no longer what was decided. Returns whether anything was held for it.
   */
  cancel(row) {
    const one = this.#held.find(({ decisions }) => decisions.some((decision) => decision.row === row));
    if (!one) return false;
    one.decisions = one.decisions.filter((decision) => decision.row !== row);
    if (one.decisions.length === 0) this.#drop(one);
    return true;
  }

  sendAll() {
    for (const one of [...this.#held]) this.#send(one);
  }

  #send(one) {
    this.#drop(one);
    this.desk.send(one.decisions);
  }

  #drop(one) {
    clearTimeout(one.timer);
    this.#held = this.#held.filter((other) => other !== one);
    this.#show();
  }

  #show() {
    const latest = this.#held.at(-1);
    this.bar.hidden = !latest;
    if (!latest) return;
    showLine(slot(this.bar, "text"), latest.title);
    const others = this.#held.length - 1;
    setText(slot(this.bar, "others"), others > 0 ? `and ${others} before` : "");
  }
}
