// The fine print of a request: what a careful reviewer compares, folded away until asked for.

import { argumentTree } from "./argument_tree.js";
import { element } from "./dom.js";
import { showLine } from "./text.js";

const ownKeys = new Set(["risk_level", "timeout", "require_approval", "auto_approve", "redact_fields", "signers"]);

/** A list of names and values; those without a value are left out. */
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
  const node = element("div", "fine-print");
  node.append(
    factList([
      ["tool", request.toolName],
      ["risk", request.risk],
      ["asked by", request.agent],
      ["approval signed by", [...request.signers.keys()].join(", ")],
      ["id", request.id],
      ["digest of the call", request.actionDigest],
      ["digest of this view", request.viewDigest],
      ["digest of the policy", request.policyDigest],
    ]),
  );
  const extra = new Map([...request.metadata].filter(([key]) => !ownKeys.has(key)));
  if (extra.size > 0) node.append(element("h4", "", "From the policy"), argumentTree(extra));
  return node;
}
