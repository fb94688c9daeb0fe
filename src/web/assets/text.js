// Shows text that others wrote. What cannot be seen, or would reorder what is around it, is spelled out.

import { partsOf } from "./characters.js";
import { colouring } from "./code.js";
import { button, element } from "./dom.js";

export { visible } from "./characters.js";

/** Replaces the content of `node` by `text` on one line. */
export function showLine(node, text) {
  if (node.dataset.shown === text) return;
  node.dataset.shown = text;
  node.replaceChildren(...partsOf(text, false).map(nodeOf));
}

/** How much of a name the list and the announcements show. */
export const longestName = 120;

/** Shows which tool is called and who asks, each on one line. */
export function showCall(tool, agent, request, longest = Infinity) {
  showLine(tool, request.toolName.slice(0, longest) || "(no name)");
  showLine(agent, request.agent.slice(0, longest) || "another program");
}

const titles = {
  escape: "characters that do not show, or that others look like",
  posing: "letters of another alphabet than the rest of the word",
  stated: "blanks that are told instead of shown",
  turned: "written from right to left",
};

function nodeOf({ kind, text, parts }) {
  if (kind === "plain") return document.createTextNode(text);
  if (kind === "mask") return element("mark", "masked", text);
  const node = element("span", kind, ...(parts ? parts.map(nodeOf) : [text]));
  node.title = titles[kind];
  return node;
}

/** Puts the colours of `tokens` on plain parts, which must come in the order of the text. */
class Painter {
  #next = 0;

  constructor(tokens) {
    this.tokens = tokens;
  }

  paint(text, at) {
    const nodes = [];
    let done = 0;
    for (; this.#next < this.tokens.length; ++this.#next) {
      const { start, end, kind } = this.tokens[this.#next];
      const from = Math.max(done, start - at);
      const to = Math.min(text.length, end - at);
      if (start - at >= text.length) break;
      if (to > from) {
        if (from > done) nodes.push(text.slice(done, from));
        nodes.push(element("span", `t-${kind}`, text.slice(from, to)));
        done = to;
      }
      if (end - at > text.length) break;
    }
    return done < text.length ? [...nodes, text.slice(done)] : nodes;
  }
}

const newlines = (text) => text.split("\n").length - 1;

/** The parts of the text from `start` on. Blanks after a line break must not count as blanks at the start of a text. */
function partsFrom(text, start) {
  if (start === 0 || text[start - 1] !== "\n") return partsOf(text.slice(start), true);
  const [lead, ...others] = partsOf(text.slice(start - 1), true);
  const parts = [{ ...lead, text: lead.text.slice(1), at: 1 }, ...others];
  return parts.filter((part) => part.text !== "").map((part) => ({ ...part, at: part.at - 1 }));
}

/** The nodes that show the text from `start` on. A text of several lines gets numbered lines. */
function blockNodes(whole, { language, isNumbered }, start = 0) {
  const text = whole.slice(start);
  const painter = new Painter(colouring(text, language));
  const parts = partsFrom(whole, start);
  const nodesOf = (part) => (part.kind === "plain" ? painter.paint(part.text, part.at) : [nodeOf(part)]);
  if (!isNumbered) return parts.flatMap(nodesOf);
  const lines = new Lines(text, newlines(whole.slice(0, start)) + 1);
  for (const part of parts) {
    if (part.kind !== "plain") lines.add(nodeOf(part));
    else for (const [at, piece] of piecesOf(part)) lines.add(...painter.paint(piece, at)).endAfter(piece, at);
  }
  return lines.all();
}

/** The lines of a plain part, each with its place in the whole text. */
function* piecesOf({ text, at }) {
  for (const { 0: piece, index } of text.matchAll(/[^\n]*\n|[^\n]+$/g)) yield [at + index, piece];
}

/** Collects nodes into numbered lines. */
class Lines {
  #lines = [];
  #line;
  #start = 0;

  constructor(text, number) {
    this.text = text;
    this.number = number;
  }

  add(...nodes) {
    if (!this.#line) {
      this.#line = element("span", "ln");
      this.#line.dataset.n = this.number;
      this.#lines.push(this.#line);
    }
    this.#line.append(...nodes);
    return this;
  }

  endAfter(piece, at) {
    if (!piece.endsWith("\n")) return;
    const end = at + piece.length;
    this.number += newlines(this.text.slice(this.#start, end));
    this.#start = end;
    this.#line = undefined;
  }

  all() {
    return this.#lines;
  }
}

const mostCharacters = 750;
const mostLines = 20;
const head = { characters: 500, lines: 8 };
const tail = { characters: 150, lines: 7 };
const furtherCharacters = 20000;
const growth = 10;

/** A block with the text. The middle of a long one is folded behind a button that says which lines are hidden. */
export function foldedText(text, className = "", language = "") {
  const look = { language, isNumbered: text.includes("\n") };
  const block = element("span", `text ${className}${look.isNumbered ? " lines" : ""}`);
  const [to, from] = middleOf(text);
  reveal(block, text, look, to, from);
  return block;
}

/** Where the folded middle begins and ends. */
function middleOf(text) {
  const whole = [text.length, text.length];
  if (text.length <= mostCharacters && endOfLines(text, mostLines) === text.length) return whole;
  const to = betweenCharacters(text, Math.min(head.characters, endOfLines(text, head.lines)));
  const from = betweenCharacters(text, Math.max(text.length - tail.characters, startOfLastLines(text, tail.lines), to));
  return from > to ? [to, from] : whole;
}

/**
 * Where the first `count` lines of a text end, including the line break. Consecutive empty lines are told in one line.
 */
function endOfLines(text, count) {
  let left = count;
  for (const { 0: found, index } of text.matchAll(/\n(?:[ \t]*\n)*/g)) if (--left === 0) return index + found.length;
  return text.length;
}

function startOfLastLines(text, count) {
  let start = text.length;
  for (let left = count; left > 0 && start > 0; --left) start = text.lastIndexOf("\n", start - 2) + 1;
  return start;
}

/** `position`, or the one before it, so that no surrogate pair is cut in two. */
function betweenCharacters(text, position) {
  const code = text.charCodeAt(position - 1);
  return position < text.length && code >= 0xd800 && code < 0xdc00 ? position - 1 : position;
}

/**
 * Shows the text up to `to` and after `from`. Builds all of it again, since what a letter stands for depends on its
 * whole word.
 */
function reveal(block, text, look, to, from) {
  if (to >= from) return block.replaceChildren(...blockNodes(text, look));
  const next = betweenCharacters(text, Math.min(from, Math.max(to + furtherCharacters, to * growth)));
  const more = button("fold", foldLabel(text, to, from, next), () => reveal(block, text, look, next, from));
  if (look.isNumbered) more.dataset.lines = newlines(text.slice(to, next)) || 1;
  else more.dataset.characters = next - to;
  const after = blockNodes(text, look, from);
  block.replaceChildren(...blockNodes(text.slice(0, to), look), more, ...after);
}

function foldLabel(text, to, from, next) {
  const counted = (number) => number.toLocaleString("en");
  const areLines = /(?:^|\n)$/.test(text.slice(0, to)) && text[from - 1] === "\n";
  const [first, last] = areLines
    ? [newlines(text.slice(0, to)) + 1, newlines(text.slice(0, from))]
    : [to + 1, from];
  const what = areLines ? (first === last ? `Line ${counted(first)}` : `Lines ${counted(first)} to ${counted(last)}`)
    : `Characters ${counted(first)} to ${counted(last)}`;
  return `${what} hidden: show ${next < from ? `${counted(next - to)} characters` : "all"}`;
}
