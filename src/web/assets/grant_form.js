// What a reviewer may grant along with an approval: how many more calls, for how long, and in what they may differ.

import { spanText } from "./clock.js";
import { element, setText } from "./dom.js";
import { showLine } from "./text.js";

function labelled(text, input) {
  const label = element("label", "note", element("span", "note-label"), input);
  showLine(label.firstElementChild, text);
  return label;
}

function inputOf(type, value = "") {
  const input = element("input");
  input.type = type;
  input.value = value;
  return input;
}

export class GrantForm {
  #free = [];

  constructor() {
    this.summary = element("summary");
    this.list = element("div");
    this.element = element("details", "edit grant", this.summary, this.list);
  }

  /** Starts again with what may be granted with `request`. */
  show({ grantable }) {
    this.element.hidden = !grantable;
    if (!grantable) return;
    this.most = grantable.uses;
    this.uses = inputOf("number");
    [this.uses.min, this.uses.max] = [1, grantable.uses];
    this.lasts = inputOf("text", `${grantable.lasts}s`);
    this.#free = grantable.bounds.map((path) => ({ path, input: inputOf("checkbox") }));
    this.uses.addEventListener("input", () => this.#count());
    this.list.replaceChildren(
      labelled(`How many calls more, ${this.most} at most`, this.uses),
      labelled(`For how long, such as 30m or 2h, ${spanText(grantable.lasts)} at most`, this.lasts),
      ...this.#free.map(({ path, input }) => labelled(`${path} may be anything`, input)),
    );
    this.#count();
  }

  /** The grant as JSON text; empty if there is none. */
  get text() {
    if (!this.#isGiven) return "";
    const free = this.#free.filter(({ input }) => input.checked).map(({ path }) => path);
    return JSON.stringify({ uses: Number(this.uses.value), for: this.lasts.value.trim(), free });
  }

  /** Why it cannot be sent; empty if it can. */
  get fault() {
    if (!this.#isGiven || this.uses.checkValidity()) return "";
    return `Grant 1 to ${this.most} calls more, or leave the number empty.`;
  }

  open() {
    this.element.open = true;
    this.uses.focus();
  }

  setInert(isInert) {
    this.element.inert = isInert;
  }

  /** Input that is not a number must not pass for an empty field. */
  get #isGiven() {
    return !this.element.hidden && (this.uses.value !== "" || this.uses.validity.badInput);
  }

  #count() {
    const text = this.#isGiven ? `Approve grants ${this.uses.value || "?"} more like it` : "Grant more like it";
    setText(this.summary, text);
  }
}
