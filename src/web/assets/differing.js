// Finds the arguments that tell the requests of one kind apart.

import { JsonNumber, sourceOf } from "./lossless_json.js";

const longText = 120;
const longStart = 24;
const kept = 12;
const mostText = 600;
const hidden = "[REDACTED]";

/** Requests of one tool and one agent are of one kind. */
export function kindOf({ toolName, agent }) {
  return JSON.stringify([toolName, agent]);
}

/** A text that is equal for equal values and different for different ones. */
export function textOf(value) {
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Map || Array.isArray(value)) return sourceOf(value) ?? "";
  return JSON.stringify(value);
}

/** The values of a call by their paths. Of an object among its arguments, the values one level down. */
export function fieldsOf({ toolArgs }) {
  const fields = new Map();
  if (!(toolArgs instanceof Map)) return fields.set("", toolArgs);
  for (const [key, value] of toolArgs) {
    if (!(value instanceof Map)) fields.set(key, value);
    else for (const [inner, one] of value) fields.set(`${key}.${inner}`, one);
  }
  return fields;
}

/** For each path: whether its values differ, and the start that each of their texts shares with another one. */
function valuesByPath(requests) {
  const values = new Map();
  for (const request of requests) {
    for (const [path, value] of fieldsOf(request)) {
      if (!values.has(path)) values.set(path, { first: textOf(value), differs: false, texts: new Set() });
      const met = values.get(path);
      met.differs ||= textOf(value) !== met.first;
      met.texts.add(briefText(value));
    }
  }
  for (const met of values.values()) met.starts = startsOf([...met.texts].sort());
  return values;
}

/** For sorted texts: what each has in common with the one before or after it, whichever is more. */
function startsOf(texts) {
  const starts = new Map();
  texts.forEach((text, index) => {
    const [before, after] = [texts[index - 1] ?? "", texts[index + 1] ?? ""];
    starts.set(text, text.slice(0, Math.max(commonStart(text, before), commonStart(text, after))));
  });
  return starts;
}

function commonStart(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) ++length;
  return length;
}

/**
 * For each request: the texts of the one or two values that tell it apart from `requests`, which must be of one kind.
 */
export function tellingApart(requests) {
  const values = valuesByPath(requests);
  return requests.map((request) => {
    const fields = [...fieldsOf(request)].filter(([, value]) => value !== hidden && value !== null && value !== "");
    const isDiffering = ([path]) => values.get(path).differs;
    const others = fields.filter((one) => !isDiffering(one));
    return [...inBrief(fields.filter(isDiffering), values), ...inBrief(others, values)].slice(0, 2);
  });
}

/** Short values first: a long one says little in one line. A start that others share is left out if it is long. */
function inBrief(fields, values) {
  const told = fields.map(([path, value]) => {
    const text = briefText(value);
    return withoutStart(text, values.get(path).starts.get(text)).slice(0, longText);
  });
  return [...told.filter((text) => text.length < longText), ...told.filter((text) => text.length >= longText)];
}

function withoutStart(text, start) {
  if (start.length < longStart) return text;
  return `\u2026${text.slice(start.lastIndexOf(" ", start.length - kept) + 1)}`;
}

/** The value on one line. */
function briefText(value) {
  if (typeof value !== "string") return textOf(value).slice(0, mostText);
  return value.slice(0, 2 * mostText).replace(/\s+/g, " ").trim().slice(0, mostText);
}
