// The door: what stands on the page for who has no session, and how to get one.

import { slot } from "./dom.js";

const token = /^#token=([^&]+)$/;

/** Takes the token out of the address, so that it is neither seen nor kept in the history. */
export function takeToken(location, history) {
  const found = token.exec(location.hash);
  if (!found) return "";
  history.replaceState(null, "", location.pathname);
  return decodeToken(found[1]);
}

function decodeToken(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const reasons = {
  none: ["Open the printed link", "Only who holds the link that the review server printed can see and decide requests."],
  refused: ["This link does not fit", "Its token is not the running server's. It may be from an earlier start."],
  ended: ["Your session has ended", "The review server was started anew. Notes that you were writing are kept meanwhile."],
  unreachable: ["The review server does not answer", "This page goes on by itself as soon as it does."],
};

export class Gate {
  #focused;

  constructor(gate, desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /** `reason`: none, refused, ended or unreachable. */
  close(reason) {
    const [title, text] = reasons[reason];
    const heading = this.gate.querySelector("h2");
    heading.textContent = title;
    slot(this.gate, "text").textContent = text;
    if (!this.gate.hidden) return;
    this.#focused = document.activeElement;
    this.gate.hidden = false;
    this.desk.hidden = true;
    heading.focus();
  }

  open() {
    if (!this.desk.hidden) return;
    this.gate.hidden = true;
    this.desk.hidden = false;
    if (this.desk.contains(this.#focused)) this.#focused.focus();
  }
}
