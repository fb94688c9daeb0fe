// Shows text that others wrote. What cannot be seen, or would reorder what stands around it, is spelled out.

import { button, element } from "./dom.js";

// Controls, format characters (bidi marks, zero widths, tags), half surrogates, line separators, fillers and every
// space but the plain and the ideographic one. Emoji selectors stay as they are. Of several marks upon one letter
// only two are writing; more reach into the lines around.
const hidden =
  /(?:(?![ \u3000\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{M}{2})\p{M})/u;
const hiddenExceptNewline = new RegExp(`(?!\\n)${hidden.source}`, "u");
const mask = /\[REDACTED\]/;

const shortEscapes = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** How a hidden character is spelled, as approvekit-review does it: \n, \x1b, \u202e, \U000e0041. */
export function escapeOf(character) {
  const code = character.codePointAt(0);
  const digits = code.toString(16);
  if (shortEscapes[character]) return shortEscapes[character];
  if (code < 0x80) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/** The text on one line with everything hidden spelled out. */
export function visible(text) {
  return text.replace(new RegExp(hidden.source, "gu"), escapeOf);
}

/** Replaces the content of `node` by `text` on one line. */
export function showLine(node, text) {
  if (node.dataset.shown === text) return;
  node.dataset.shown = text;
  node.replaceChildren(...pieces(text, hidden));
}

/** The nodes that show `text`, line breaks kept. */
export function showLines(text) {
  return pieces(text, hiddenExceptNewline);
}

function pieces(text, pattern) {
  const finder = new RegExp(`(?:${pattern.source})+|${mask.source}`, "gu");
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(finder)) {
    if (found.index > from) nodes.push(text.slice(from, found.index));
    nodes.push(mark(found[0]));
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

function mark(found) {
  if (mask.test(found)) return element("mark", "masked", found);
  const escape = element("span", "escape", Array.from(found, escapeOf).join(""));
  escape.title = "characters that do not show";
  return escape;
}

const firstCharacters = 600;
const firstLines = 12;
const furtherCharacters = 20000;

/** A block with the text; a long one is folded behind a button that says how much more there is. */
export function foldedText(text, className = "") {
  const block = element("span", `text ${className}`);
  reveal(block, text, 0, firstCut(text));
  return block;
}

function firstCut(text) {
  let lineEnd = -1;
  for (let line = 0; line < firstLines; ++line) {
    lineEnd = text.indexOf("\n", lineEnd + 1);
    if (lineEnd < 0) break;
  }
  const limit = text.length > firstCharacters * 1.25 ? firstCharacters : text.length;
  const cut = lineEnd < 0 ? limit : Math.min(limit, lineEnd);
  return betweenCharacters(text, cut);
}

/** `position`, or the one before it, so that no surrogate pair is cut in two. */
function betweenCharacters(text, position) {
  const code = text.charCodeAt(position - 1);
  return position < text.length && code >= 0xd800 && code < 0xdc00 ? position - 1 : position;
}

function reveal(block, text, from, to) {
  block.append(...showLines(text.slice(from, to)));
  if (to >= text.length) return;
  const next = betweenCharacters(text, Math.min(text.length, to + furtherCharacters));
  const more = button("fold", foldLabel(text, to, next), () => {
    more.remove();
    reveal(block, text, to, next);
  });
  block.append(more);
}

function foldLabel(text, from, to) {
  const left = (text.length - from).toLocaleString("en");
  return to < text.length
    ? `Show ${(to - from).toLocaleString("en")} of ${left} more characters`
    : `Show all: ${left} more characters`;
}
