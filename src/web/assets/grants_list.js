// The grants by which calls may still start, in a dialog, each with a way to revoke it.

import { momentText, parseTime } from "./clock.js";
import { button, element, setText } from "./dom.js";
import { JsonNumber, sourceOf } from "./lossless_json.js";
import { showLine } from "./text.js";

const testWords = {
  equals: "equal to",
  not_equals: "other than",
  in: "one of",
  not_in: "none of",
  lt: "below",
  lte: "at most",
  gt: "above",
  gte: "at least",
};

function valueText(value) {
  if (typeof value === "string") return JSON.stringify(value);
  return value instanceof JsonNumber ? value.text : (sourceOf(value) ?? String(value));
}

function testText([name, value]) {
  const values = Array.isArray(value) ? value.map(valueText).join(name === "between" ? " and " : ", ") : valueText(value);
  return `${testWords[name] ?? name} ${values}`;
}

/** What an argument must be, in words. */
function boundText([path, tests]) {
  return `${path} ${tests instanceof Map ? [...tests].map(testText).join(" and ") : valueText(tests)}`;
}

function wordsOf(grant) {
  const free = grant.get("free");
  const bounds = [...grant.get("bounds")].map(boundText);
  const differing = [free.length > 0 ? `any ${free.join(", ")}` : "", bounds.join(", ")];
  return [
    `${grant.get("tool_name")} of ${grant.get("agent")}, granted by ${grant.get("reviewer")}:`,
    `${grant.get("left").text} of ${grant.get("uses").text} left, until ${momentText(parseTime(grant.get("until")))}`,
    ...differing.filter(Boolean).map((text) => `with ${text}`),
  ].join(" ");
}

export class GrantsList {
  constructor(api, part) {
    this.api = api;
    this.list = element("div");
    this.dialog = element("dialog", "help", element("h2", "", "Grants"), this.list, button("action", "Close", () => this.dialog.close()));
    this.dialog.setAttribute("aria-label", "Grants");
    part.body.append(this.dialog);
  }

  async open() {
    await this.#refresh();
    if (!this.dialog.open) this.dialog.showModal();
  }

  async #refresh() {
    const grants = await this.api.grants();
    this.list.replaceChildren(...(grants.length > 0 ? grants.map((grant) => this.#line(grant)) : [element("p", "", "No calls are granted.")]));
  }

  #line(grant) {
    const text = element("span");
    showLine(text, wordsOf(grant));
    // A double click is one press, and so is holding a key down.
    const revoke = button("action", "Revoke", (press) => press.detail < 2 && this.#revoke(grant.get("id"), revoke));
    revoke.onkeydown = (press) => !press.repeat;
    return element("p", "", text, " ", revoke);
  }

  /** The first press only asks. */
  async #revoke(id, revoke) {
    if (revoke.textContent === "Revoke") return setText(revoke, "Revoke it now?");
    try {
      await this.api.revoke(id);
      await this.#refresh();
    } catch (error) {
      showLine(revoke, `${error.message} Try again`);
    }
  }
}
