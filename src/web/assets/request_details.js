// The details of a request that a careful reviewer compares, folded away until asked for.

import { argumentTree } from "./argument_tree.js";
import { momentText, spanText } from "./clock.js";
import { textOf } from "./differing.js";
import { element } from "./dom.js";
import { showLine } from "./text.js";

const ownKeys = new Set(["risk_level", "timeout", "require_approval", "auto_approve", "redact_fields", "signers",
  "argument_order", "quorum", "grants", "grant", "hidden_arguments"]);

// In seconds, if the policy does not say it.
const usualStartWindow = 60;

/** A list of names and values. Those without a value are left out. */
export function factList(facts) {
  const list = element("dl", "facts-list");
  for (const [name, value] of facts) {
    if (!value) continue;
    const shown = element("dd", "");
    showLine(shown, value);
    list.append(element("div", "", element("dt", "", name), shown));
  }
  return list;
}

export function requestDetails(request) {
  const print = element(
    "div",
    "fine-print",
    factList([
      ["tool", request.toolName],
      ["risk", request.risk],
      ["asked by", request.agent],
      ["may start", startWords(request)],
      ["approval signed by", [...request.signers.keys()].join(", ")],
      ["id", request.id],
      ["digest of the call", request.actionDigest],
      ["digest of this view", request.viewDigest],
      ["digest of the policy", request.policyDigest],
    ]),
  );
  return print;
}

/** What an agent asked for, if another program has changed it since; otherwise nothing. */
export function submittedView({ submitted, redactions }) {
  if (!submitted) return [];
  return [
    element("h3", "", "What the agent asked for"),
    factList([["tool", submitted.toolName]]),
    argumentTree(submitted.toolArgs, redactions, false),
    ...policyWords(submitted),
  ];
}

/** Why the call is made; nothing if nobody says so. */
export function contextWords({ context }) {
  return context.size > 0 ? [element("h3", "", "Context"), argumentTree(context)] : [];
}

/** Why the call is made, before what it does. Only the arguments if nobody says so. */
export function callWords({ context, toolArgs, redactions = [], ours }, changes) {
  const tree = argumentTree(toolArgs, redactions, ours, changes);
  return context.size > 0 ? [...contextWords({ context }), element("h3", "", "Arguments"), tree] : [tree];
}

/** When an approved call starts at the latest. */
function startWords({ startWithin, startBy, deadline }) {
  if (!Number.isNaN(startBy)) return `until ${momentText(startBy)}`;
  if (startWithin > 0) return windowText(startWithin);
  return Number.isNaN(deadline) ? "" : `until its time is up, or ${windowText(usualStartWindow)}`;
}

function windowText(seconds) {
  return `within ${spanText(seconds)} of its approval`;
}

/** What the policy says about the call in its own words. */
function ownWords({ metadata, startWithin }) {
  const isContext = (key, value) => key === "context" && value instanceof Map;
  const isWindow = (key) => key === "start_within" && startWithin > 0;
  return new Map([...metadata].filter(([key, value]) => !ownKeys.has(key) && !isContext(key, value) && !isWindow(key)));
}

/** What is told about a call besides its arguments, as a text that is equal for equal words. */
export function textBeside(request) {
  const texts = [request.context, ownWords(request)].map((words) => [...words].map(([key, value]) => [key, textOf(value)]));
  return JSON.stringify([...texts, request.startWithin]);
}

/** What the policy says, for display; nothing if it says nothing. */
export function policyWords(request) {
  const own = ownWords(request);
  const hasWindow = request.startWithin > 0;
  if (own.size === 0 && !hasWindow) return [];
  const window = hasWindow ? [factList([["may start", windowText(request.startWithin)]])] : [];
  return [element("h3", "", "From the policy"), ...window, ...(own.size > 0 ? [argumentTree(own)] : [])];
}
