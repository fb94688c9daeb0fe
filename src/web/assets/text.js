// Shows text that others wrote. What cannot be seen, or would reorder what stands around it, is spelled out.

import { partsOf } from "./characters.js";
import { button, element } from "./dom.js";

export { visible } from "./characters.js";

/** Replaces the content of `node` by `text` on one line. */
export function showLine(node, text) {
  if (node.dataset.shown === text) return;
  node.dataset.shown = text;
  node.replaceChildren(...partsOf(text, false).map(nodeOf));
}

/** The nodes that show `text`, line breaks kept. */
export function showLines(text) {
  return partsOf(text, true).map(nodeOf);
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

const firstCharacters = 600;
const firstLines = 12;
const furtherCharacters = 20000;
const growth = 10;

/** A block with the text; a long one is folded behind a button that says how much more there is. */
export function foldedText(text, className = "") {
  const block = element("span", `text ${className}`);
  reveal(block, text, firstCut(text));
  return block;
}

function firstCut(text) {
  const limit = text.length > firstCharacters * 1.25 ? firstCharacters : text.length;
  return betweenCharacters(text, Math.min(limit, endOfLines(text, firstLines)));
}

/** Where the first `count` lines of a text end; empty ones in a row are told in one line. */
function endOfLines(text, count) {
  let left = count;
  for (const { index } of text.matchAll(/\n(?:[ \t]*\n)*/g)) if (--left === 0) return index;
  return text.length;
}

/** `position`, or the one before it, so that no surrogate pair is cut in two. */
function betweenCharacters(text, position) {
  const code = text.charCodeAt(position - 1);
  return position < text.length && code >= 0xd800 && code < 0xdc00 ? position - 1 : position;
}

/** Shows the text up to `to`, all of it again: what a letter stands for depends on its whole word. */
function reveal(block, text, to) {
  block.replaceChildren(...showLines(text.slice(0, to)));
  if (to >= text.length) return;
  const next = betweenCharacters(text, Math.min(text.length, Math.max(to + furtherCharacters, to * growth)));
  const more = button("fold", foldLabel(text, to, next), () => reveal(block, text, next));
  more.dataset.characters = next - to;
  block.append(more);
}

function foldLabel(text, from, to) {
  const left = (text.length - from).toLocaleString("en");
  return to < text.length
    ? `Show ${(to - from).toLocaleString("en")} of ${left} more characters`
    : `Show all: ${left} more characters`;
}
