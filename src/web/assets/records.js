// Requests and audit entries as plain values, made from the API's answers. Whatever a field should be, a hostile row
// may hold something else; here it becomes text or nothing.

import { momentText, parseTime } from "./clock.js";
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

/** `args` in their author's order, as far as that is told. */
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

/** Within how many seconds of its approval the call starts; NaN if that is not said. */
function readStartWindow(map) {
  return Number.parseInt(text(map, "start_within"), 10);
}

/** What the agent asked for, if the request was changed since; null if it was not. */
function readSubmitted(map) {
  const submitted = mapping(map, "submitted");
  if (submitted.size === 0) return null;
  const [toolName, toolArgs, metadata] = [text(submitted, "tool_name"), submitted.get("tool_args"), mapping(submitted, "metadata")];
  return { toolName, toolArgs, metadata, startWithin: readStartWindow(metadata) };
}

const folded = (name) => name.normalize("NFKC").toUpperCase().toLowerCase();

/** What a vote is for, if that is not what is shown. */
function editWords(vote) {
  const edits = [...mapping(vote, "edits")].map(([path, value]) => `${path} = ${sourceOf(value) ?? (value instanceof JsonNumber ? value.text : JSON.stringify(value))}`);
  return edits.length > 0 ? ` with ${edits.join(", ")}` : "";
}

/**
 * How many have to approve, who may and who has, in words, and whose approval does not count. Empty if one person
 * decides.
 */
function readQuorum(map) {
  const quorum = mapping(map, "quorum");
  if (quorum.size === 0) return { quorum: "" };
  const names = (from, key) => (Array.isArray(from.get(key)) ? from.get(key).map(String) : []);
  const [requester, escalate, missing] = [text(quorum, "not_requester"), mapping(quorum, "escalate"), text(quorum, "missing")];
  const votes = Array.isArray(map.get("votes")) ? map.get("votes").filter((vote) => vote instanceof Map) : [];
  const barred = [requester, ...votes.map((vote) => text(vote, "reviewer"))].map(folded);
  const others = (list, out) => list.filter((name) => !out.includes(folded(name)));
  const [circle, later] = [names(quorum, "reviewers"), names(escalate, "to")].map((list) => others(list, barred.slice(0, 1)));
  const of = (list) => (list.length > 0 ? ` of ${list.join(", ")}` : "");
  const from = momentText(parseTime(text(map, "created_at")) + text(escalate, "after") * 1000);
  const told = votes.map((vote) => `${text(vote, "reviewer")} (${text(vote, "verdict")}${editWords(vote)})${text(vote, "notes") && `: ${text(vote, "notes")}`}`);
  return {
    quorum: `Approvals needed: ${text(quorum, "approvals")}${of(circle)}${later.length > 0 ? `, from ${from} also${of(later)}` : ""}` +
      `${requester && `, not by ${requester}, the requester`}. Votes: ${told.join("; ") || "none"}; still needed: ${missing}${of(others(circle, barred))}.`,
    missing,
    barred,
    circle: circle.length > 0 ? [...circle, ...later].map(folded) : [],
  };
}

/** Whether an approval by `name` may count. The server has the last word. */
export function mayApprove({ barred = [], circle = [] }, name = "") {
  return !barred.includes(folded(name)) && (circle.length === 0 || circle.includes(folded(name)));
}

/**
 * When a request ends, on the clock that nobody can set. The server counts by whichever of its own clocks runs out
 * first.
 */
function readEnd(map) {
  const left = Number.parseFloat(text(map, "seconds_left"));
  return performance.now() + left * 1000;
}

/** Why a call is held that the policy would have let run, or that an approved call may still not start. */
function readLimit(map) {
  const limit = mapping(map, "metadata").get("limit");
  if (!(limit instanceof Map)) return "";
  const [reached, share] = [text(limit, "reached"), text(limit, "share")];
  return reached ? `Held because of a limit: ${reached}.` : `Takes ${share || "of a limit"}, and does not start once that is used up.`;
}

function readGrantable(map) {
  const most = mapping(map, "grantable");
  if (most.size === 0) return undefined;
  return { uses: text(most, "uses"), lasts: Number(text(most, "for")), bounds: most.get("bounds").map(String) };
}

/** Why a grant that is meant for such calls does not let this one run. */
function readGrant(map) {
  const grant = mapping(mapping(map, "metadata"), "grant");
  return grant.size > 0 ? `Grant ${text(grant, "id").slice(0, 8)} does not count: ${text(grant, "does_not_count")}.` : "";
}

export function readRequest(map) {
  return {
    ...readCall(map),
    limit: readLimit(map),
    grant: readGrant(map),
    grantable: readGrantable(map),
    status: text(map, "status"),
    risk: text(mapping(map, "metadata"), "risk_level"),
    signers: mapping(mapping(map, "metadata"), "signers"),
    ...readQuorum(map),
    createdAt: parseTime(text(map, "created_at")),
    reviewedAt: parseTime(text(map, "reviewed_at")),
    deadline: parseTime(text(map, "deadline")),
    endsAt: readEnd(map),
    startWithin: readStartWindow(map),
    startBy: parseTime(text(map, "start_by")),
    submitted: readSubmitted(map),
    editable: Array.isArray(map.get("editable")) ? map.get("editable").map(String) : [],
    edited: [...mapping(mapping(map, "edited"), "edits").keys()],
    answerable: map.get("answerable") === true,
    answer: text(map, "answer"),
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
