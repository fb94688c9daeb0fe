// The note and the two buttons under what is to be decided, and the look that comes before an approval.

import { stamp, slot } from "./dom.js";
import { hidesSomething, openAll } from "./seen.js";
import { showLine } from "./text.js";

const noteLimit = 16 * 1024;
const settleTime = 400;
const hint = "Optional. The agent gets to read it.";
const tooSoon = "This has only just appeared here. Press again if you mean it.";

export class Answer {
  /** Stands in `card`; `decide(verdict, byKey)` hears of a press that counts. */
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

  /** How much of the card is on the screen. */
  get shown() {
    return hidesSomething(this.card) ? "in part" : "whole";
  }

  /** Why the note cannot be sent; empty when it can. */
  get noteFault() {
    const bytes = new TextEncoder().encode(this.notes).length;
    return bytes > noteLimit ? `The note is ${(bytes - noteLimit).toLocaleString("en")} bytes too long.` : "";
  }

  /** It has come under the pointer, or is another one than before: presses meant for something else do not count. */
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

  /** `clicks`: the how manieth click in a row it was; 0 for a key. */
  press(verdict, byKey, clicks = 0) {
    if (this[verdict].ariaDisabled === "true") return;
    if (performance.now() - this.appearedAt < settleTime) return this.say(tooSoon, true);
    if (verdict === "reject" || this.#isSeen(clicks)) this.decide(verdict, byKey);
  }

  #listen() {
    this.approve.addEventListener("click", (event) => this.press("approve", false, event.detail));
    // A key that is held down is one press.
    this.approve.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    this.reject.addEventListener("click", () => this.press("reject", false));
    this.note.addEventListener("input", () => this.say(this.noteFault, true));
  }

  /** Whether all of it was on the screen before this press; if not, the press opens it. */
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
