// Words for what became of a request.

import { clockText } from "./clock.js";

const ways = {
  web: "in a browser",
  terminal: "in a terminal",
  library: "from code",
  database: "in the database itself",
};

/** "by ada in a terminal"; `own` says that this very page decided. */
export function deciderText({ reviewer, way }, own = false) {
  if (own) return "by you";
  if (!reviewer) return "";
  const who = reviewer === "policy" ? "the policy" : reviewer;
  return ways[way] ? `by ${who} ${ways[way]}` : `by ${who}`;
}

const verbs = {
  approved: "Approved",
  rejected: "Rejected",
  timeout: "Expired without an answer",
  cancelled: "Cancelled by the agent",
  answered: "Answered",
};

const runs = {
  running: "it runs",
  executed: "it ran",
  failed: "it ran and failed",
  unknown: "nobody knows whether it ran to its end",
};

/** "Approved by ada in a terminal at 14:02:11, it ran". */
export function outcomeText(request, own = false) {
  const decided = ["approved", "rejected", "answered"].includes(request.status);
  const words = [verbs[request.status] ?? `Ended as ${request.status}`];
  if (decided) words.push(deciderText(request, own));
  if (!Number.isNaN(request.reviewedAt)) words.push(`at ${clockText(request.reviewedAt)}`);
  if (request.edited?.length > 0) words.push(`with ${request.edited.join(", ")} edited`);
  const line = words.filter(Boolean).join(" ");
  return runs[request.run] ? `${line}, ${runs[request.run]}` : line;
}

/** Whether more may be expected of a request that has ended. */
export function mayStillRun(request) {
  return request.status === "approved" && (request.run === "none" || request.run === "running" || request.run === "");
}
