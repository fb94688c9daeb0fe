// The alerts that a person has turned on, kept in this browser, and the dialog for them.

import { element, setText } from "./dom.js";
import { alertsPlace } from "./place.js";

const texts = {
  notify: "Notifications of this browser, while another window has the focus",
  sound: "A sound",
  agent: "Name the agent, too",
};
const refused = "This browser does not allow notifications of this page. Its settings for this address can.";
const impossible = "Notifications need https, or the address of this machine itself, and a browser that has them.";

export class AlertSettings {
  #own = {};
  #hasNone = false;

  /** `changed()` is called after a change, also after one in another tab. */
  constructor(part, changed) {
    this.changed = changed;
    this.#own = read();
    window.addEventListener("storage", ({ key }) => key === alertsPlace && this.#reload());
    this.#build(part);
    this.#show();
  }

  get notify() {
    return this.#own.notify === true && this.#canNotify && Notification.permission === "granted";
  }

  get sound() {
    return this.#own.sound === true;
  }

  get agent() {
    return this.#own.agent === true;
  }

  get isWanted() {
    return this.notify || this.sound;
  }

  /** The browser could show none, whatever it promised. */
  giveUpNotifications() {
    this.#hasNone = true;
    this.#show();
  }

  open() {
    this.#show();
    this.dialog.showModal();
  }

  get #canNotify() {
    return window.isSecureContext && "Notification" in window && !this.#hasNone;
  }

  #build(part) {
    this.boxes = Object.keys(texts).map((name) => this.#box(name));
    this.message = element("p", "message");
    this.message.role = "status";
    const title = element("h2", "", "Alerts");
    title.id = "alerts-title";
    const form = element("form", "", title,
      element("p", "", "When a request is new, or ends within a minute, this page can tell you by:"),
      ...this.boxes.map((box) => element("p", "", element("label", "", box, ` ${texts[box.name]}`))),
      this.message,
      element("p", "dim", "A notification names tool and risk, nothing of the arguments. One tab of this browser speaks for all. " +
        "A sound comes once you have pressed something in the page."),
      element("button", "action", "Close"));
    form.method = "dialog";
    this.dialog = element("dialog", "help", form);
    this.dialog.id = "alerts";
    this.dialog.setAttribute("aria-labelledby", title.id);
    part.body.append(this.dialog);
  }

  #box(name) {
    const box = element("input");
    box.type = "checkbox";
    box.name = name;
    box.addEventListener("change", () => this.#choose(name, box.checked));
    return box;
  }

  /** The browser is asked only now, after the person has asked for it. */
  async #choose(name, isOn) {
    this.#own[name] = isOn;
    if (name === "notify" && isOn && (await this.#permission()) !== "granted") this.#own.notify = false;
    write(this.#own);
    this.#show();
    if (name === "notify" && isOn && !this.notify) setText(this.message, refused);
    this.changed();
  }

  async #permission() {
    return Notification.permission === "default" ? Notification.requestPermission() : Notification.permission;
  }

  #reload() {
    this.#own = read();
    this.#show();
    this.changed();
  }

  #show() {
    for (const box of this.boxes) {
      box.checked = this[box.name];
      box.disabled = box.name === "notify" && !this.#canNotify;
    }
    setText(this.message, this.#canNotify ? "" : impossible);
  }
}

/** What was turned on. Empty if the browser keeps nothing, or something else is there. */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(alertsPlace));
    return kept !== null && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

/** If the browser keeps nothing, the choice lasts as long as this page. */
function write(own) {
  try {
    localStorage.setItem(alertsPlace, JSON.stringify(own));
  } catch {
    // The settings go on as they are.
  }
}
