// What the keys do, in words, for the help dialog.

import { element } from "./dom.js";

// In brackets: a key.
const keys = [
  ["j k", "next and previous request"],
  ["Enter", "into the request, to read on; [Esc] back to the list"],
  ["a", "approve; what was not seen yet is opened first"],
  ["r", "reject"],
  ["u", "take back what a key decided, for four seconds; sooner where time is short"],
  ["n", "write a note; [Esc] leaves it"],
  ["e", "edit it before it is approved, where its rule allows that"],
  ["g", "grant more like it, where its rule allows that"],
  ["w", "write an answer instead, where one may be given"],
  ["x X", "select it; select all of its tool and agent"],
  ["/", "filter; [Esc] leaves it"],
  ["?", "these lines"],
];
const more = "With requests selected, [a] or [r] shows them side by side first. What is typed into a text field decides nothing.";

function words(text) {
  return text.split(/\[(.+?)\]/).map((part, index) => (index % 2 === 1 ? element("kbd", "", part) : part));
}

export function tellKeys(node) {
  const list = element("dl", "keys");
  for (const [names, text] of keys) {
    const shown = names.split(" ").flatMap((name) => [element("kbd", "", name), " "]).slice(0, -1);
    list.append(element("div", "", element("dt", "", ...shown), element("dd", "", ...words(text))));
  }
  node.replaceChildren(list, element("p", "dim", ...words(more)));
}
