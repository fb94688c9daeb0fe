// The stops in force at the top of the page, and the dialog that puts one in force.

import { button, element, setText } from "./dom.js";
import { showLine } from "./text.js";

export class Stops {
  #shown = "";

  constructor(api, part) {
    this.api = api;
    this.list = part.querySelector("#stops");
    this.dialog = part.querySelector("#stop-dialog");
    this.message = this.dialog.querySelector("[role=status]");
    part.querySelector("#stop").addEventListener("click", () => this.dialog.showModal());
    this.dialog.querySelector("form").addEventListener("submit", (event) => this.#send(event));
  }

  async refresh() {
    const stops = await this.api.stops();
    const ids = stops.map((stop) => stop.get("id") + stop.get("ended_at")).join();
    if (ids === this.#shown) return;
    this.#shown = ids;
    this.list.replaceChildren(...stops.map((stop) => this.#line(stop)));
  }

  #line(stop) {
    const text = element("span");
    const of = stop.get("agent") === "*" ? "" : ` of ${stop.get("agent")}`;
    const doubt = stop.get("ended_at") ? " (no entry records its end)" : "";
    showLine(text, `Stopped${doubt}: ${stop.get("tool")}${of}, by ${stop.get("reviewer")}: ${stop.get("reason")}`);
    // A double click is one press, and so is holding a key down.
    const lift = button("action", "Resume", (press) => press.detail < 2 && this.#lift(stop.get("id"), lift));
    lift.onkeydown = (press) => !press.repeat;
    return element("p", "caution", text, " ", lift);
  }

  /** The first press only asks. */
  async #lift(id, lift) {
    if (lift.textContent === "Resume") return setText(lift, "Let it run again?");
    try {
      await this.api.resume(id);
      await this.refresh();
    } catch (error) {
      showLine(lift, `${error.message} Try again`);
    }
  }

  async #send(event) {
    if (event.submitter?.value === "cancel") return;
    event.preventDefault();
    const { reason, tool } = event.target.elements;
    try {
      await this.api.stop({ reason: reason.value, tool: tool.value.trim() || "*" });
      event.target.reset();
      setText(this.message, "");
      this.dialog.close();
      await this.refresh();
    } catch (error) {
      showLine(this.message, error.message);
    }
  }
}
