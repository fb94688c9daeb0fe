// Calls of the record as plain values, and what several views tell about them.

import { clockText, showTime } from "./clock.js";
import { tellingApart } from "./differing.js";
import { element } from "./dom.js";
import { deciderText } from "./outcome.js";
import { base } from "./place.js";
import { readAuditEntry } from "./records.js";
import { longestName, showLine } from "./text.js";

export function readCall(map) {
  const entry = (key) => (map.get(key) instanceof Map ? readAuditEntry(map.get(key)) : undefined);
  const others = Array.isArray(map.get("others")) ? map.get("others") : [];
  return {
    status: String(map.get("status") ?? ""),
    agent: String(map.get("agent") ?? ""),
    decision: entry("decision") ?? readAuditEntry(new Map()),
    end: entry("end"),
    others: others.filter((one) => one instanceof Map).map(readAuditEntry),
    othersLeftOut: Number(map.get("others_left_out")?.text ?? 0),
  };
}

/** The address at which the page shows all of it. */
export function addressOf({ requestId, sequence }) {
  return base + (requestId && requestId !== "auto" ? `/requests/${encodeURIComponent(requestId)}` : `/calls/${sequence}`);
}

/** A word in the colour of its meaning. */
export function statusWord(status) {
  const word = element("b", "entry-what");
  showLine(word, status);
  return word;
}

/** An element with text that others wrote, on one line. */
export function lineOf(className, text, longest = Infinity) {
  const node = element("span", className);
  showLine(node, text.slice(0, longest));
  return node;
}

export function timeOf(time, text = clockText(time)) {
  const node = element("time", "entry-time");
  showTime(node, time, text);
  return node;
}

/** A call in one row, with a link to all of it. */
export function callRow(call) {
  const { decision } = call;
  const [told] = tellingApart([decision]);
  const line = element("span", "entry-line", statusWord(call.status), " ", lineOf("entry-tool", decision.toolName || "(no name)", longestName),
    " ", lineOf("call-told", told.join(" · ")));
  const row = element("a", "call", timeOf(decision.time), element("span", "entry-main", line, lineOf("entry-who", whoText(call))));
  row.href = addressOf(decision);
  row.dataset.decision = call.status;
  return element("li", "", row);
}

function whoText({ decision, agent, end }) {
  const words = [deciderText(decision), agent && `for ${agent}`].filter(Boolean).join(", ");
  const note = decision.reviewer === "policy" ? "" : decision.notes;
  const last = end?.notes || note;
  return last ? `${words}: ${last.slice(0, 200)}` : words;
}
