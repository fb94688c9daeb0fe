// Reads JSON without losing anything that a reviewer must see: numbers keep their digits beyond 2^53, objects keep the
// order of their keys, and every object and array remembers the text from which it was read.
//
// It does not recurse, so deep nesting cannot break the page.

/** A number as it was written. */
export class JsonNumber {
  constructor(text) {
    this.text = text;
  }
}

const sources = new WeakMap();

/** The exact text from which parse() made this Map or array. */
export function sourceOf(container) {
  return sources.get(container);
}

/** Objects become Maps, numbers become JsonNumbers. Throws a SyntaxError that names the position. */
export function parse(text) {
  const scanner = new Scanner(text);
  const open = [];
  let value;
  do {
    value = scanner.value();
    if (scanner.opened) open.push(new Frame(scanner, value));
    if (!scanner.opened || open.at(-1).closes()) value = place(scanner, open, value);
  } while (open.length > 0);
  scanner.end();
  return value;
}

/** Puts a finished value into the innermost open container. Goes on with that container if it is finished too. */
function place(scanner, open, value) {
  if (scanner.opened) open.pop();
  while (open.length > 0) {
    const frame = open.at(-1);
    frame.add(value);
    if (frame.goesOn()) return undefined;
    value = open.pop().container;
  }
  return value;
}

/** A container that is being filled. */
class Frame {
  constructor(scanner, container) {
    this.scanner = scanner;
    this.container = container;
    this.start = scanner.position - 1;
    this.closing = container instanceof Map ? "}" : "]";
    this.key = undefined;
  }

  /** Whether the container ends before its first member. If not, gets ready for that one. */
  closes() {
    if (this.finishes()) return true;
    this.readKey();
    return false;
  }

  add(value) {
    if (this.container instanceof Map) this.container.set(this.key, value);
    else this.container.push(value);
  }

  goesOn() {
    if (this.scanner.take(",")) {
      this.readKey();
      return true;
    }
    if (!this.finishes()) this.scanner.fail();
    return false;
  }

  finishes() {
    if (!this.scanner.take(this.closing)) return false;
    sources.set(this.container, this.scanner.text.slice(this.start, this.scanner.position));
    return true;
  }

  readKey() {
    if (!(this.container instanceof Map)) return;
    if (!this.scanner.take('"')) this.scanner.fail();
    this.key = this.scanner.string();
    if (!this.scanner.take(":")) this.scanner.fail();
  }
}

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const words = { true: true, false: false, null: null };

/** Walks over the text, one token at a time. */
class Scanner {
  constructor(text) {
    this.text = text;
    this.position = 0;
    this.opened = false;
  }

  /** A whole scalar, or an empty container whose opening bracket was just read (`opened`). */
  value() {
    this.opened = true;
    if (this.take("{")) return new Map();
    if (this.take("[")) return [];
    this.opened = false;
    if (this.take('"')) return this.string();
    const literal = this.match(word);
    return literal ? words[literal] : new JsonNumber(this.match(number) || this.fail());
  }

  /** The rest of a string whose opening quote was just read. */
  string() {
    const start = this.position - 1;
    let end = start;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) this.fail();
    } while (this.isEscaped(end));
    this.position = end + 1;
    return JSON.parse(this.text.slice(start, end + 1));
  }

  isEscaped(quote) {
    let first = quote;
    while (this.text[first - 1] === "\\") --first;
    return (quote - first) % 2 === 1;
  }

  take(character) {
    this.match(blank);
    if (this.text[this.position] !== character) return false;
    ++this.position;
    return true;
  }

  match(expression) {
    expression.lastIndex = this.position;
    const found = expression.exec(this.text)?.[0] ?? "";
    this.position += found.length;
    return found;
  }

  end() {
    this.match(blank);
    if (this.position < this.text.length) this.fail();
  }

  fail() {
    throw new SyntaxError(`The answer is not JSON at position ${this.position}`);
  }
}
