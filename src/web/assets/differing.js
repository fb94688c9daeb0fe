// Which arguments tell the requests of one kind apart.

import { JsonNumber, sourceOf } from "./lossless_json.js";

const longText = 120;
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

/** The values of a call by their paths, those of an object within it one level down as well. */
export function fieldsOf({ toolArgs }) {
  const fields = new Map();
  if (!(toolArgs instanceof Map)) return fields.set("", toolArgs);
  for (const [key, value] of toolArgs) {
    if (!(value instanceof Map)) fields.set(key, value);
    else for (const [inner, one] of value) fields.set(`${key}.${inner}`, one);
  }
  return fields;
}

function valuesByPath(requests) {
  const values = new Map();
  for (const request of requests) {
    for (const [path, value] of fieldsOf(request)) {
      if (!values.has(path)) values.set(path, new Set());
      const met = values.get(path);
      if (met.size < 2) met.add(textOf(value));
    }
  }
  return values;
}

/** For each request the texts of the one or two values that tell it apart from `requests`, which are of one kind. */
export function tellingApart(requests) {
  const values = valuesByPath(requests);
  return requests.map((request) => {
    const fields = [...fieldsOf(request)].filter(([, value]) => value !== hidden && value !== null);
    const differing = fields.filter(([path]) => values.get(path).size > 1);
    return inBrief(differing).concat(inBrief(fields)).slice(0, 2).filter((text, index, all) => all.indexOf(text) === index);
  });
}

/** Short values first: a long one says little in one line. */
function inBrief(fields) {
  const texts = fields.map(([, value]) => briefText(value)).filter((text) => text !== "");
  return [...texts.filter((text) => text.length < longText), ...texts.filter((text) => text.length >= longText)];
}

function briefText(value) {
  if (typeof value !== "string") return textOf(value).slice(0, longText);
  return value.slice(0, 4 * longText).replace(/\s+/g, " ").trim().slice(0, longText);
}
