// The note and the two buttons below what is to be decided, and the check before an approval.

import { stamp, slot } from "./dom.js";
import { hidesSomething, openAll } from "./seen.js";
import { showLine } from "./text.js";

const noteLimit = 16 * 1024;
const settleTime = 400;
const hint = "Optional. The agent gets to read it.";
const tooSoon = "This has only just appeared here. Press again if you mean it.";

export class Answer {
  /** Belongs to `card`. `decide(verdict, byKey)` is called for a press that counts. */
  constructor(card, decide) {
    this.card = card;
    this.decide = decide;
    this.element = stamp("answer");
    for (const name of ["note", "reject", "approve", "message"]) this[name] = slot(this.element, name);
    this.openedAt = -Infinity;
    this.appearedAt = -Infinity;
    this.#listen();
    this.say("");
  }

  get notes() {
    return this.note.value;
  }

  /** How much of the card has been on the screen. */
  get shown() {
    return hidesSomething(this.card) ? "in part" : "whole";
  }

  /** Why the note cannot be sent; empty if it can. */
  get noteFault() {
    const bytes = new TextEncoder().encode(this.notes).length;
    return bytes > noteLimit ? `The note is ${(bytes - noteLimit).toLocaleString("en")} bytes too long.` : "";
  }

  /**
   * To be called when it has come under the pointer, or belongs to another request than before: presses that were meant
   * for something else do not count.
   */
  appear() {
    this.appearedAt = performance.now();
  }

  say(message, isFault = false) {
    showLine(this.message, message || hint);
    this.message.classList.toggle("fault", isFault && message !== "");
  }

  nameControls(name) {
    this.approve.ariaLabel = `Approve ${name}`;
    this.reject.ariaLabel = `Reject ${name}`;
    this.note.ariaLabel = `Note on ${name}`;
  }

  /** `mayApprove`: whether an approval from here may count. */
  disable(isDisabled, mayApprove = true) {
    this.reject.ariaDisabled = String(isDisabled);
    this.approve.ariaDisabled = String(isDisabled || !mayApprove);
    if (this.answer) this.answer.ariaDisabled = this.approve.ariaDisabled;
  }

  /** `clicks`: which click in a row it was; 0 for a key. */
  press(verdict, byKey, clicks = 0) {
    if (this[verdict].ariaDisabled === "true") return;
    if (performance.now() - this.appearedAt < settleTime) return this.say(tooSoon, true);
    if (verdict === "reject" || this.#isSeen(clicks)) this.decide(verdict, byKey);
  }

  #listen() {
    this.approve.addEventListener("click", (event) => this.press("approve", false, event.detail));
    // Holding a key down is one press.
    this.approve.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    this.reject.addEventListener("click", () => this.press("reject", false));
    this.note.addEventListener("input", () => this.say(this.noteFault, true));
  }

  /** Whether all of it was on the screen before this press. If not, the press opens it. */
  #isSeen(clicks) {
    if (hidesSomething(this.card)) {
      this.say(`Not seen yet: ${openAll(this.card)}. All of it is open now. Read it, then approve.`, true);
      this.openedAt = performance.now();
      return false;
    }
    // The second half of a double click is not a decision of its own.
    const hasBeenOpened = this.openedAt > -Infinity;
    return !hasBeenOpened || (clicks <= 1 && performance.now() - this.openedAt >= settleTime);
  }
}
