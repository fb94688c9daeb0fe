// Tells a person who looks elsewhere what is new and what is pressing: by notifications of the browser and a sound,
// each only if it was turned on. Loaded when its settings are first opened, or if something was turned on before.

import { AlertSettings } from "./alert_settings.js";
import { haste, timeLeft, weightOf } from "./order.js";
import { alertsPlace, base } from "./place.js";
import { longestName, visible } from "./text.js";

const leastPause = 5000;

/** "send_email, high risk", and who asks if that is wanted. Nothing of the arguments, which may be secret. */
function nameOf({ toolName, risk, agent }, namesAgent) {
  const words = [toolName.slice(0, longestName) || "(no name)", risk && `${risk.slice(0, longestName)} risk`];
  if (namesAgent && agent) words.push(agent.slice(0, longestName));
  return visible(words.filter(Boolean).join(", "));
}

function counted(rows, words) {
  const critical = rows.filter(({ request }) => isCritical(request)).length;
  return `${rows.length} ${words}${critical > 0 ? `, ${critical} critical` : ""}`;
}

function isCritical({ risk }) {
  return weightOf(risk) === weightOf("critical");
}

/**
 * What to say about requests that are new, and about those that end within a minute. One is named, several are counted.
 */
function alertText(fresh, pressing, namesAgent) {
  const texts = [];
  if (fresh.length === 1) texts.push(`New: ${nameOf(fresh[0].request, namesAgent)}`);
  if (fresh.length > 1) texts.push(counted(fresh, "new requests"));
  if (pressing.length === 1) texts.push(`Ends within a minute: ${nameOf(pressing[0].request, namesAgent)}`);
  if (pressing.length > 1) texts.push(counted(pressing, "end within a minute"));
  return texts.join(". ");
}

export class Alerts {
  #told = new Map();
  #isFirst = true;
  #leads = false;
  #release;
  #sound;
  #toldAt = -Infinity;
  #notification;

  /** `desk` is the RequestsView. What already waits at `now` is not told as new. `open(row)` shows a request. */
  constructor(part, desk, now, open = (row) => desk.open(row)) {
    Object.assign(this, { part, desk, open });
    this.settings = new AlertSettings(part, () => this.#settle());
    for (const name of ["pointerdown", "keydown"]) part.addEventListener(name, () => this.#wakeSound(), { capture: true });
    this.look(now);
    this.#settle();
  }

  /**
   * Looks at what waits, and tells once of each request that is new or becomes pressing. `now` is the server's time.
   */
  look(now) {
    const { known } = this.desk;
    if (known.isFirst) return;
    const rows = known.waiting;
    this.#forgetEnded(new Set(rows.map((row) => row.id)));
    const soon = (row) => haste(timeLeft(row.request, now)) === 0;
    const fresh = rows.filter((row) => !this.#told.has(row.id));
    const pressing = rows.filter((row) => this.#told.get(row.id) === "new" && soon(row));
    const isQuiet = this.#isFirst || !this.#leads;
    if (!isQuiet && fresh.length + pressing.length > 0) {
      // What comes within the pause is told at its end, all at once.
      if (performance.now() - this.#toldAt < leastPause) return;
      this.#tell(fresh, [...fresh.filter(soon), ...pressing]);
    }
    for (const row of [...fresh, ...pressing]) this.#told.set(row.id, soon(row) ? "soon" : "new");
    this.#isFirst = false;
  }

  #forgetEnded(waiting) {
    for (const id of this.#told.keys()) if (!waiting.has(id)) this.#told.delete(id);
    if (this.#notification?.rows.every((row) => row.hasEnded)) this.#withdraw();
  }

  #tell(fresh, pressing) {
    this.#toldAt = performance.now();
    const { notify, sound, agent } = this.settings;
    const isUrgent = pressing.length > 0 || fresh.some(({ request }) => isCritical(request));
    if (sound) this.#sound?.play(isUrgent);
    if (notify && !this.part.hasFocus()) this.#notify(alertText(fresh, pressing, agent), [...pressing, ...fresh]);
  }

  /** A later notification replaces the one before it. */
  #notify(body, rows) {
    this.#withdraw();
    try {
      const shown = new Notification(this.part.title, { body, icon: `${base}/icon_waiting.svg`, tag: alertsPlace, lang: "en" });
      this.#notification = { shown, rows };
      shown.addEventListener("click", () => {
        window.focus();
        const row = rows.find((one) => !one.hasEnded);
        if (row) this.open(row);
        this.#withdraw();
      });
    } catch {
      // Browsers of phones have the name, but nothing behind it.
      this.settings.giveUpNotifications();
    }
  }

  #withdraw() {
    this.#notification?.shown.close();
    this.#notification = undefined;
  }

  /** Applies what is turned on now. Of several tabs one speaks: the one that has the lock. */
  #settle() {
    const { isWanted, sound } = this.settings;
    if (!isWanted) {
      this.#release?.();
      this.#release = undefined;
      this.#leads = false;
      this.#withdraw();
    } else if (!this.#release) {
      this.#lead();
    }
    if (sound) this.#wakeSound();
  }

  #lead() {
    const held = new Promise((release) => (this.#release = release));
    if (!navigator.locks) return void (this.#leads = true);
    navigator.locks.request(alertsPlace, () => {
      this.#leads = this.settings.isWanted;
      return held;
    });
  }

  /** Browsers let a page make a sound only after somebody has pressed something in it. */
  async #wakeSound() {
    if (!this.settings.sound) return;
    const { Sound } = await import("./sound.js");
    this.#sound ??= new Sound();
    this.#sound.wake();
  }
}
