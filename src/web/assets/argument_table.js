// A list of similar objects, as a table.

import { button, element } from "./dom.js";
import { showLine } from "./text.js";

const mostColumns = 8;
const rowsAtOnce = 50;

/**
 * The keys that all objects of a list have. Undefined unless the list is a table: two or more objects with the same
 * keys, and flat.
 */
export function columnsOf(list) {
  if (list.length < 2 || !(list[0] instanceof Map)) return undefined;
  const columns = [...list[0].keys()];
  const isRow = (one) =>
    one instanceof Map && one.size === columns.length &&
    columns.every((key) => one.has(key) && !(one.get(key) instanceof Map) && !Array.isArray(one.get(key)));
  return columns.length > 0 && columns.length <= mostColumns && list.every(isRow) ? columns : undefined;
}

/** `cell(value, position, key)` makes the content of a cell. */
export function argumentTable(list, columns, cell) {
  const head = element("tr", "", element("th", "position", "#"), ...columns.map(columnHead));
  const body = element("tbody");
  const box = element("div", "rows-box", element("table", "table", element("thead", "", head), body));
  appendRows(box, body, list, 0, (one, position) => {
    const cells = columns.map((key) => element("td", "", cell(one.get(key), position, key)));
    return element("tr", "", element("td", "position", String(position)), ...cells);
  });
  return box;
}

/** The head of a column with that name. */
export function columnHead(name) {
  const head = element("th", "");
  head.scope = "col";
  showLine(head, name);
  return head;
}

/** Appends the next fifty rows, and a button for the rest. */
export function appendRows(box, body, list, from, makeRow) {
  const to = Math.min(list.length, from + rowsAtOnce);
  for (let position = from; position < to; ++position) body.append(makeRow(list[position], position));
  if (to === list.length) return;
  const more = button("fold", `Show more: ${(list.length - to).toLocaleString("en")} further rows`, () => {
    more.remove();
    appendRows(box, body, list, to, makeRow);
  });
  more.dataset.entries = Math.min(list.length - to, rowsAtOnce);
  box.append(more);
}
