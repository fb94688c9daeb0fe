// What a call had in the same places the last time, to show what has changed.

import { fieldsOf, kindOf, textOf } from "./differing.js";
import { element } from "./dom.js";
import { showLine } from "./text.js";

const around = 16;
const longest = 100;
const mostGone = 20;

/** The last request of each kind that this page has shown. */
export class LastShown {
  #requests = new Map();

  /** Returns the request before `request`, and remembers `request` as the last one. */
  replace(request) {
    const kind = kindOf(request);
    const last = this.#requests.get(kind);
    this.#requests.set(kind, request);
    return last && last.id !== request.id ? last : undefined;
  }
}

/** Where a request differs from the one before it, in its places or its values. */
export class Changes {
  #before;
  #now;

  constructor(before, request) {
    this.#before = fieldsOf(before);
    this.#now = fieldsOf(request);
  }

  /** Says what the value at `path` was before. Nothing if it was the same or is too deep. */
  mark(path) {
    if (!this.#now.has(path)) return [];
    if (!this.#before.has(path)) return [markOf("new here")];
    const [old, value] = [this.#before.get(path), this.#now.get(path)];
    if (textOf(old) === textOf(value)) return [];
    return [markOf(isContainer(value) || isContainer(old) ? "changed" : `was ${excerpt(old, value)}`)];
  }

  /** Names what was there before and is gone now. */
  gone() {
    const gone = [...this.#before.keys()].filter((path) => path !== "" && !this.#now.has(path));
    const list = gone.slice(0, mostGone).join(", ");
    return gone.length > 0 ? [element("p", "dim", markOf(`not here any more: ${list}`))] : [];
  }
}

function isContainer(value) {
  return value instanceof Map || Array.isArray(value);
}

function markOf(text) {
  const mark = element("span", "was");
  showLine(mark, text);
  return mark;
}

/** The old value, or, of a long text, the part that is different now. */
function excerpt(old, value) {
  const text = typeof old === "string" ? old : textOf(old);
  if (text === "") return "empty";
  if (typeof value !== "string" || text.length <= 3 * around) return cut(text);
  let start = 0;
  while (start < text.length && text[start] === value[start]) ++start;
  let end = 0;
  while (end < Math.min(text.length, value.length) - start && text.at(-1 - end) === value.at(-1 - end)) ++end;
  const from = Math.max(0, start - around);
  const to = Math.min(text.length, text.length - end + around);
  return `${from > 0 ? "\u2026" : ""}${cut(text.slice(from, to))}${to < text.length ? "\u2026" : ""}`;
}

function cut(text) {
  return text.length > longest ? `${text.slice(0, longest)}\u2026` : text;
}
