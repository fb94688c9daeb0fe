// The arguments of a request that its rule lets a reviewer edit: a field for each, what differs, and what is wrong with
// it.

import { setText, slot, stamp } from "./dom.js";
import { JsonNumber, parse, sourceOf } from "./lossless_json.js";
import { showLine } from "./text.js";

const redacted = "[REDACTED]";
// Characters that a text area does not show, or changes. A text with any of them is edited as JSON.
const unseen = /[^\P{C}\n\t]|[\u2028\u2029]/gu;
const step = /\.([^.["\]*]+)|\[(\d+)\]|\["([^"]+)"\]/y;

/** The steps of a path such as args.files[0].name; undefined if it is not a path. */
function stepsOf(path) {
  const steps = [];
  step.lastIndex = "args".length;
  if (!path.startsWith("args")) return undefined;
  for (let end = step.lastIndex; end < path.length; end = step.lastIndex) {
    const found = step.exec(path);
    if (!found) return undefined;
    steps.push(found[2] === undefined ? (found[1] ?? found[3]) : Number(found[2]));
  }
  return steps;
}

function valueAt(args, path) {
  let value = args;
  for (const key of stepsOf(path) ?? [undefined]) {
    value = value instanceof Map ? value.get(String(key)) : Array.isArray(value) ? value[key] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function escaped(characters) {
  const units = characters.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

/** As it is typed: a text as it is if all of it is visible, anything else as JSON. */
function textOfValue(value) {
  if (isPlain(value)) return value;
  if (typeof value === "string") return JSON.stringify(value).replace(unseen, escaped);
  return value instanceof JsonNumber ? value.text : (sourceOf(value) ?? String(value));
}

function isPlain(value) {
  return typeof value === "string" && value.search(unseen) < 0;
}

function kindOf(value) {
  if (value === null) return "null";
  if (value instanceof JsonNumber) return "a number";
  if (value instanceof Map) return "an object";
  return Array.isArray(value) ? "a list" : typeof value === "boolean" ? "true or false" : "a text";
}

/** One argument. */
class EditField {
  constructor(path, value, onInput) {
    this.path = path;
    this.value = value;
    this.element = stamp("edit-field");
    for (const name of ["label", "input", "was", "fault"]) this[name] = slot(this.element, name);
    showLine(this.label, path);
    this.was.hidden = true;
    this.isPlain = isPlain(value);
    this.input.value = this.original = textOfValue(value);
    this.input.addEventListener("input", () => this.#show(onInput));
  }

  get isEdited() {
    return this.input.value !== this.original;
  }

  /** Its value now, as JSON. */
  get json() {
    return this.isPlain ? JSON.stringify(this.input.value) : this.input.value.trim();
  }

  get problem() {
    if (!this.isEdited || this.isPlain) return "";
    const wanted = kindOf(this.value);
    try {
      return kindOf(parse(this.input.value)) === wanted ? "" : `Expected ${wanted}.`;
    } catch {
      return `Expected ${wanted}, written as JSON.`;
    }
  }

  say(problem) {
    showLine(this.fault, problem);
    this.input.ariaInvalid = String(problem !== "");
  }

  #show(onInput) {
    this.was.hidden = !this.isEdited;
    const { value } = this.input;
    if (this.isEdited) showLine(this.was, `was ${this.original}${value.search(unseen) < 0 ? "" : `, is ${value}`}`);
    this.say(this.problem);
    onInput();
  }
}

export class EditForm {
  #fields = [];

  constructor() {
    this.element = stamp("edit-form");
    [this.summary, this.list] = [slot(this.element, "summary"), slot(this.element, "fields")];
  }

  /** Starts again with what `request` shows. */
  show({ editable = [], toolArgs }) {
    const values = editable.map((path) => [path, valueAt(toolArgs, path)]);
    const open = values.filter(([, value]) => value !== undefined && !textOfValue(value).includes(redacted));
    this.#fields = open.map(([path, value]) => new EditField(path, value, () => this.#count()));
    this.list.replaceChildren(...this.#fields.map((field) => field.element));
    this.element.hidden = open.length === 0;
    this.#count();
  }

  open() {
    this.element.open = true;
    this.#fields[0].input.focus();
  }

  /** The edits as JSON text; empty if there are none. */
  get text() {
    const edited = this.#edited;
    return edited.length === 0 ? "" : `{${edited.map(({ path, json }) => `${JSON.stringify(path)}:${json}`).join(",")}}`;
  }

  /** Why they cannot be sent; empty if they can. */
  get fault() {
    const field = this.#edited.find(({ problem }) => problem !== "");
    return field ? `${field.path}: ${field.problem}` : "";
  }

  /** Shows what the server says at the field that it is about. */
  tell(message) {
    const field = this.#fields.find(({ path }) => message.startsWith(`${path}: `));
    field?.say(message.slice(field.path.length + 2));
  }

  setReadOnly(isReadOnly) {
    for (const { input } of this.#fields) input.readOnly = isReadOnly;
  }

  get #edited() {
    return this.#fields.filter(({ isEdited }) => isEdited);
  }

  #count() {
    const count = this.#edited.length;
    setText(this.summary, count === 0 ? "Edit before approving" : `Edited: ${count}. Approve runs it like this`);
  }
}
