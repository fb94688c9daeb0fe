// Arguments as a tree of names and values for a person to read: exact, in order, and nothing is left out without saying
// so.

import { argumentTable, columnsOf } from "./argument_table.js";
import { languageOf } from "./code.js";
import { button, element } from "./dom.js";
import { JsonNumber } from "./lossless_json.js";
import { foldedText, showLine } from "./text.js";

const openLevels = 4;
const indentedLevels = 12;
const membersAtOnce = 50;
const redacted = "[REDACTED]";

/**
 * The tree of `value`. `redactions` describe what is hidden in it, and `ours` says whether they are complete. `changes`
 * tell what was different before. `path` says where in the arguments the value is.
 */
export function argumentTree(value, redactions = [], ours = true, changes = undefined, path = "") {
  const context = { hidden: new Map(redactions.map((one) => [one.path, one])), met: new Set(), ours, changes };
  const tree = element("div", "tree");
  if (isEmpty(value)) tree.append(element("p", "dim", path ? emptyText(value) : "no arguments"));
  else if (isContainer(value)) tree.append(members(value, path, 0, context));
  else tree.append(scalar(value, path, context));
  tree.append(...hiddenElsewhere(value, context, path));
  return tree;
}

function isContainer(value) {
  return value instanceof Map || Array.isArray(value);
}

function isEmpty(value) {
  return isContainer(value) && sizeOf(value) === 0;
}

function sizeOf(container) {
  return container instanceof Map ? container.size : container.length;
}

function pathOf(parent, key, container) {
  if (Array.isArray(container)) return `${parent}[${key}]`;
  return parent ? `${parent}.${key}` : key;
}

function members(container, path, level, context) {
  const columns = Array.isArray(container) ? columnsOf(container) : undefined;
  if (columns) return table(container, columns, path, context);
  const list = element("dl", "members");
  appendMembers(list, Array.from(container.entries()), 0, (key, value) =>
    member(key, value, pathOf(path, key, container), level, context),
  );
  return list;
}

function table(list, columns, path, context) {
  return argumentTable(list, columns, (value, position, key) => scalar(value, `${path}[${position}].${key}`, context));
}

/** Appends the next fifty, and a button for the rest. */
function appendMembers(list, entries, from, makeRow) {
  const to = Math.min(entries.length, from + membersAtOnce);
  for (const [key, value] of entries.slice(from, to)) list.append(makeRow(key, value));
  if (to === entries.length) return;
  const more = button("fold", `Show more: ${(entries.length - to).toLocaleString("en")} further entries`, () => {
    more.remove();
    appendMembers(list, entries, to, makeRow);
  });
  more.dataset.entries = Math.min(entries.length - to, membersAtOnce);
  list.append(more);
}

function member(key, value, path, level, context) {
  const name = element("span", typeof key === "number" ? "name position" : "name");
  showLine(name, String(key));
  if (isContainer(value) && !isEmpty(value)) return branch(name, value, path, level + 1, context);
  const shown = element("dd", "", scalar(value, path, context), ...marksOf(path, context));
  return element("div", "member", element("dt", "", name), shown);
}

/** A container inside another one. A deep one is built when somebody opens it. */
function branch(name, value, path, level, context) {
  const inner = element("dd", level > indentedLevels ? "flat" : "");
  const setOpen = (isOpen) => {
    if (isOpen && inner.childElementCount === 0) inner.append(members(value, path, level, context));
    inner.hidden = !isOpen;
    switcher.ariaExpanded = String(isOpen);
  };
  const switcher = button("branch", "", () => setOpen(inner.hidden));
  switcher.append(name, element("span", "size", sizeLabel(value, level)), ...marksOf(path, context));
  switcher.dataset.entries = sizeOf(value);
  setOpen(level <= openLevels);
  return element("div", "member nested", element("dt", "", switcher), inner);
}

function marksOf(path, { changes }) {
  return changes?.mark(path) ?? [];
}

/** How much is in it and, if the indentation does not show it, how deep it is. */
function sizeLabel(container, level) {
  const size = sizeOf(container);
  const count = size.toLocaleString("en");
  const depth = level > indentedLevels ? `, level ${level}` : "";
  if (Array.isArray(container)) return `list of ${count}${depth}`;
  return size === 1 ? `1 entry${depth}` : `${count} entries${depth}`;
}

function scalar(value, path, context) {
  const redaction = context.hidden.get(path);
  if (value === redacted && (redaction || !context.ours)) return seal(redaction, path, context);
  if (typeof value === "string") return foldedText(value, "string", languageOf(value, path.split(".").at(-1)));
  if (value instanceof JsonNumber) return element("span", "number", value.text);
  if (isContainer(value)) return element("span", "dim", emptyText(value));
  return element("span", "word", String(value));
}

function emptyText(container) {
  return Array.isArray(container) ? "empty list" : "no entries";
}

/** What is shown in place of a hidden value. */
function seal(redaction, path, context) {
  context.met.add(path);
  const node = element("span", "seal", element("b", "", "hidden"));
  if (!redaction) return node;
  const kind = element("span", "");
  showLine(kind, kindOf(redaction));
  const print = element("code", "");
  showLine(print, redaction.fingerprint);
  print.title = "Fingerprint: equal for equal values within one run of the agent";
  node.append(kind, print);
  return node;
}

function kindOf({ type, length }) {
  if (type !== "string") return type;
  if (length === "empty") return "empty text";
  return `text, ${length.replace("-", "\u2013")} characters`;
}

/** Hidden values inside other texts, or where the tree has no value. */
function hiddenElsewhere(value, context, path) {
  const open = pathsShown(value, path);
  const rest = [...context.hidden.values()].filter(({ path }) => !context.met.has(path) && !open.has(path));
  if (rest.length === 0) return [];
  const list = element("ul", "hidden-elsewhere");
  for (const one of rest) {
    const path = element("code", "");
    showLine(path, one.path);
    list.append(element("li", "", path, " ", seal(one, one.path, context)));
  }
  return [element("p", "dim", "Also hidden, inside other values:"), list];
}

/** The paths of every "[REDACTED]" in the tree, also in folded branches. */
function pathsShown(value, root) {
  const paths = new Set();
  const left = [[root, value]];
  while (left.length > 0) {
    const [path, one] = left.pop();
    if (one === redacted) paths.add(path);
    if (!isContainer(one)) continue;
    for (const [key, inner] of one.entries()) left.push([pathOf(path, key, one), inner]);
  }
  return paths;
}
