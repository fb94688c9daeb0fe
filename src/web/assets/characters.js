// Which characters of a text that others wrote are spelled out instead of shown, so that two different texts never look
// the same. approvekit-review has the same rules (src/text).

import { posingLetters, remembering } from "./alphabets.js";

// Controls, format characters (bidi marks, zero widths, tags), lone surrogates, private and unassigned code points,
// every blank but the plain space, fillers and variation selectors.
const unseen =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]|(?! )\p{Zs}/u;

// Characters that are drawn like ASCII ones, and Hangul letters that are drawn like a whole syllable or a letter by
// itself.
const twin =
  /[\u01c3\u02d7\u1100-\u11ff\u2010-\u2012\u2024\u2043\u2044\u2160-\u217f\u2212\u2215-\u2217\u2223\u2236\u223c\u29f5\u29f8\ua789\ua960-\ua97f\ud7b0-\ud7ff\u{1d400}-\u{1d7ff}]/u;

const startsWithMark = /^\p{M}/u;
const stackedMark = /[\p{Mn}\p{Me}]/u;

// No script puts more of these marks on one letter. More would reach into the lines around.
const mostMarks = 2;

const shortEscapes = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** How a character is spelled, as approvekit-review does it: \n, \x1b, \u202e, \U000e0041. */
export function escapeOf(character) {
  const code = character.codePointAt(0);
  const digits = code.toString(16);
  if (shortEscapes[character]) return shortEscapes[character];
  if (code < 0x80) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

function isWrittenOtherwise(text) {
  return text.normalize("NFC") !== text;
}

const isHidden = remembering(
  (character) => unseen.test(character) || twin.test(character) || isWrittenOtherwise(character),
);

/** The characters of a letter with its marks, each with whether it is shown as it is. */
function* judged(cluster, poses) {
  const [letter, ...marks] = cluster;
  let isShown = !poses && !isHidden(letter) && !startsWithMark.test(letter);
  yield [letter, isShown];
  isShown = isShown && !isWrittenOtherwise(cluster);
  let stacked = 0;
  for (const mark of marks) {
    if (stackedMark.test(mark)) ++stacked;
    isShown = isShown && stacked <= mostMarks && !isHidden(mark);
    yield [mark, isShown];
  }
}

const rightToLeft = "(?![\\p{C}\\p{Z}\\p{M}])[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefe\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]\\p{M}*";
const common = [
  "(?<mask>\\[REDACTED\\])",
  `(?<turned>(?:${rightToLeft})+(?: (?:${rightToLeft})+)*)`,
  "(?<plain>(?:(?!\\[REDACTED\\])[\\x21-\\x7e])+(?!\\p{M}))",
  "(?<cluster>\\p{L}\\p{M}*|[^])",
];
const lineFinder = new RegExp(["(?<blanks>^ +| +$| {2,})", ...common].join("|"), "gu");
const blockFinder = new RegExp(
  ["(?<emptyLines>\\n(?:[ \\t]*\\n){3,})", "(?<blanks>^ +| +$| +(?=\\n)| {17,})", ...common].join("|"),
  "gu",
);

/** Collects parts, and joins neighbours of one kind. */
class Parts {
  list = [];

  add(kind, text, at) {
    const last = this.list.at(-1);
    if (last?.kind === kind && kind !== "mask") last.text += text;
    else this.list.push({ kind, text, at });
  }

  addCluster(cluster, poses, keepsLines, at) {
    if (keepsLines && cluster === "\n") return this.add("plain", cluster, at);
    let place = at;
    for (const [character, isShown] of judged(cluster, poses)) {
      if (isShown) this.add("plain", character, place);
      else this.add(poses && character === cluster ? "posing" : "escape", escapeOf(character), place);
      place += character.length;
    }
  }

  addEmptyLines(text, at) {
    const isFirst = at === 0;
    const count = text.split("\n").length - (isFirst ? 1 : 2);
    const blanks = text.replaceAll("\n", "").length;
    if (!isFirst) this.add("plain", "\n", at);
    this.add("stated", blanks === 0 ? `${count} empty lines` : `${count} empty lines, ${blanks} blanks in them`, at + 1);
    this.add("plain", "\n", at + text.length - 1);
  }
}

/**
 * The parts of `text` in order, each with its place in the text (`at`) and its kind:
 * - "plain"
 * - "escape"
 * - "posing": a letter of another alphabet than its word, spelled out
 * - "stated": blanks or empty lines, in words
 * - "mask"
 * - "turned": a run that is written from right to left, as the parts that it consists of
 * Line breaks are plain if `keepsLines` is set.
 */
export function partsOf(text, keepsLines) {
  const posing = posingLetters(text);
  const parts = new Parts();
  for (const { 0: found, index, groups } of text.matchAll(keepsLines ? blockFinder : lineFinder)) {
    if (groups.emptyLines) parts.addEmptyLines(found, index);
    else if (groups.blanks) parts.add("stated", found.length === 1 ? "1 space" : `${found.length} spaces`, index);
    else if (groups.mask) parts.add("mask", found, index);
    else if (groups.turned) parts.list.push({ kind: "turned", parts: clustersOf(found), at: index });
    else if (groups.plain) parts.add("plain", found, index);
    else parts.addCluster(found, posing.has(index), keepsLines, index);
  }
  return parts.list;
}

function clustersOf(text) {
  const parts = new Parts();
  for (const [cluster] of text.matchAll(/[^]\p{M}*/gu)) parts.addCluster(cluster, false, false);
  return parts.list;
}

/** The text on one line, with everything hidden spelled out. */
export function visible(text) {
  const posing = posingLetters(text);
  const parts = new Parts();
  for (const { 0: found, index } of text.matchAll(/[\x20-\x7e]+(?!\p{M})|\p{L}\p{M}*|[^]/gu)) {
    if (/^[\x20-\x7e]/.test(found) && !/\p{M}/u.test(found)) parts.add("plain", found);
    else parts.addCluster(found, posing.has(index), false);
  }
  return parts.list.map((part) => part.text).join("");
}
