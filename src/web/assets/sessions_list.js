// The browsers in which the reviewer is signed in, in a dialog, each with a way to end that.

import { momentText, parseTime } from "./clock.js";
import { button, element, setText } from "./dom.js";
import { showLine } from "./text.js";

const moment = (session, name) => momentText(parseTime(session.get(name)));

export class SessionsList {
  constructor(api, part) {
    this.api = api;
    this.list = element("div");
    this.dialog = element("dialog", "help", element("h2", "", "Signed in"), this.list, button("action", "Close", () => this.dialog.close()));
    this.dialog.setAttribute("aria-label", "Signed in");
    part.body.append(this.dialog);
  }

  async open() {
    await this.#refresh();
    if (!this.dialog.open) this.dialog.showModal();
  }

  async #refresh() {
    const sessions = (await this.api.get("/api/sessions")).get("sessions");
    const none = element("p", "", "No browser is signed in by a link.");
    this.list.replaceChildren(...(sessions.length > 0 ? sessions.map((session) => this.#line(session)) : [none]));
  }

  #line(session) {
    const text = element("span");
    const which = session.get("current") ? "This browser" : "Another browser";
    showLine(text, `${which}, since ${moment(session, "opened_at")}, seen ${moment(session, "seen_at")}`);
    // A double click is one press, and so is holding a key down.
    const end = button("action", "Sign out", (press) => press.detail < 2 && this.#end(session, end));
    end.onkeydown = (press) => !press.repeat;
    return element("p", "", text, " ", end);
  }

  /** The first press only asks. */
  async #end(session, end) {
    if (end.textContent === "Sign out") return setText(end, "Sign it out now?");
    try {
      await this.api.post(`/api/sessions/${session.get("id")}/end`, {});
      if (session.get("current")) return location.reload();
      await this.#refresh();
    } catch (error) {
      showLine(end, `${error.message} Try again`);
    }
  }
}
