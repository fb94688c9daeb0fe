// What a reviewer gives to the agent instead of letting a call run: a text, or JSON.

import { button, element, setText, slot, stamp } from "./dom.js";
import { parse } from "./lossless_json.js";
import { showLine } from "./text.js";

const mostBytes = 60 * 1024;
const hint = "The agent gets this instead of the tool's result, and nothing runs.";

export class AnswerForm {
  /** Shown above the verdicts of `card`, and pressed like them. */
  constructor(card) {
    this.answer = card.answer;
    this.element = stamp("edit-form");
    const field = stamp("edit-field");
    [this.label, this.input, this.was, this.problem] = ["label", "input", "was", "fault"].map((name) => slot(field, name));
    this.isJson = element("input");
    this.isJson.type = "checkbox";
    this.button = button("quiet", "Answer instead", (event) => this.answer.press("answer", false, event.detail));
    setText(slot(this.element, "summary"), "Answer instead of running it");
    setText(this.label, "Answer");
    setText(this.was, hint);
    const asJson = element("label", "was", this.isJson, " as JSON");
    slot(this.element, "fields").append(field, asJson, this.button);
    this.element.classList.add("answer-form");
    this.button.setAttribute("aria-keyshortcuts", "w");
    for (const part of [this.input, this.isJson]) part.addEventListener("input", () => this.#show());
    this.answer.answer = this.button;
    this.answer.element.before(this.element);
  }

  /** Opened by its key, ready to write. */
  open() {
    this.element.open = true;
    this.input.focus();
  }

  /** The answer as JSON text, in which numbers keep the digits that were typed. */
  get text() {
    return this.isJson.checked ? this.input.value.trim() : JSON.stringify(this.input.value);
  }

  /** Why it cannot be sent; empty if it can. */
  get fault() {
    if (this.input.value.trim() === "") return "An answer needs words.";
    const bytes = new TextEncoder().encode(this.text).length;
    if (bytes > mostBytes) return `The answer is ${(bytes - mostBytes).toLocaleString("en")} bytes too long.`;
    try {
      return !this.isJson.checked || parse(this.text) !== null ? "" : "null says nothing.";
    } catch {
      return "This is not JSON; a text has quotes there.";
    }
  }

  #show() {
    showLine(this.problem, this.input.value === "" ? "" : this.fault);
  }
}
