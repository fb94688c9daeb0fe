// Requests and audit entries as plain values, made from what the API answered. Whatever a field should be, a
// hostile row may hold something else; here it becomes text or nothing.

import { parseTime } from "./clock.js";
import { JsonNumber, sourceOf } from "./lossless_json.js";

const contextOrder = ["requested_by", "why", "conversation", "environment", "tags", "parent"];

function text(map, key) {
  const value = map.get(key);
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  return value instanceof JsonNumber ? value.text : (sourceOf(value) ?? String(value));
}

function mapping(map, key) {
  const value = map.get(key);
  return value instanceof Map ? value : new Map();
}

/** `args` in the order of their author, as far as it is told. */
function inOrder(args, order) {
  if (!(args instanceof Map) || !Array.isArray(order)) return args;
  const known = order.filter((name) => args.has(name)).map((name) => [name, args.get(name)]);
  return new Map([...known, ...args]);
}

function readRedaction(map) {
  return {
    path: text(map, "path"),
    type: text(map, "type"),
    length: text(map, "length"),
    fingerprint: text(map, "fingerprint"),
  };
}

function readRedactions(map) {
  const list = map.get("redactions");
  return Array.isArray(list) ? list.filter((one) => one instanceof Map).map(readRedaction) : [];
}

/** What requests and audit entries have in common. */
function readCall(map) {
  return {
    id: text(map, "id"),
    toolName: text(map, "tool_name"),
    toolArgs: inOrder(map.get("tool_args") ?? null, mapping(map, "metadata").get("argument_order")),
    context: inOrder(mapping(mapping(map, "metadata"), "context"), contextOrder),
    notes: text(map, "reviewer_notes"),
    metadata: mapping(map, "metadata"),
    reviewer: text(map, "reviewer"),
    way: text(map, "way"),
    ours: map.get("ours") === true,
  };
}

/** Within how many seconds of its approval it starts; NaN where that is not said. */
function readStartWindow(map) {
  return Number.parseInt(text(map, "start_within"), 10);
}

/** What the agent asked for, beside a request that was changed since; nothing for one that was not. */
function readSubmitted(map) {
  const submitted = mapping(map, "submitted");
  if (submitted.size === 0) return null;
  const [toolName, toolArgs, metadata] = [text(submitted, "tool_name"), submitted.get("tool_args"), mapping(submitted, "metadata")];
  return { toolName, toolArgs, metadata, startWithin: readStartWindow(metadata) };
}

/** How many have to approve, who may and who has, in words; empty where one person decides, whoever it is. */
function readQuorum(map) {
  const quorum = mapping(map, "quorum");
  if (quorum.size === 0) return "";
  const names = (from, key) => (Array.isArray(from.get(key)) ? from.get(key).join(", ") : "");
  const [circle, requester, escalate] = [names(quorum, "reviewers"), text(quorum, "not_requester"), mapping(quorum, "escalate")];
  const later = escalate.size > 0 ? `, after ${text(escalate, "after")} s also of ${names(escalate, "to")}` : "";
  const votes = Array.isArray(map.get("votes")) ? map.get("votes").filter((vote) => vote instanceof Map) : [];
  const voters = votes.map((vote) => `${text(vote, "reviewer")} (${text(vote, "verdict")})`).join(", ");
  return `Approvals needed: ${text(quorum, "approvals")}${circle && ` of ${circle}`}${later}${requester && `, not of ${requester}, who asks`}. ` +
    `Votes: ${voters || "none"}; still needed: ${text(quorum, "missing")}.`;
}

/** When a request ends, on the clock that nobody can set: the server counts by whichever of its own runs out first. */
function readEnd(map) {
  const left = Number.parseFloat(text(map, "seconds_left"));
  return performance.now() + left * 1000;
}

export function readRequest(map) {
  return {
    ...readCall(map),
    status: text(map, "status"),
    risk: text(mapping(map, "metadata"), "risk_level"),
    signers: mapping(mapping(map, "metadata"), "signers"),
    quorum: readQuorum(map),
    createdAt: parseTime(text(map, "created_at")),
    reviewedAt: parseTime(text(map, "reviewed_at")),
    deadline: parseTime(text(map, "deadline")),
    endsAt: readEnd(map),
    startWithin: readStartWindow(map),
    startBy: parseTime(text(map, "start_by")),
    submitted: readSubmitted(map),
    agent: text(map, "agent"),
    awaitsAgent: map.get("awaits_agent") === true,
    askedBefore: text(mapping(map, "metadata"), "asked_before"),
    actionDigest: text(map, "action_digest"),
    viewDigest: text(map, "view_digest"),
    policyDigest: text(map, "policy_digest"),
    redactions: readRedactions(map),
    run: text(map, "run"),
    runNote: text(map, "run_note"),
    shown: ["tool_name", "tool_args", "redactions", "metadata", "view_digest"].map((key) => text(map, key)).join("\n"),
  };
}

export function readAuditEntry(map) {
  return {
    ...readCall(map),
    requestId: text(map, "request_id"),
    decision: text(map, "decision"),
    time: parseTime(text(map, "timestamp")),
    follows: text(map, "follows"),
    signed: map.get("signed") === true,
    sequence: text(map, "sequence"),
    hash: text(map, "hash"),
  };
}

/** { items, next } of a paged answer. */
export function readPage(answer, name, readItem) {
  const rows = answer.get(name);
  const items = Array.isArray(rows) ? rows.filter((row) => row instanceof Map).map(readItem) : [];
  return { items, next: text(answer, "next") };
}
