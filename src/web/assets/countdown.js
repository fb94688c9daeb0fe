// The time to a deadline: in words, as a share of the time left, and how pressing it is.

import { timeLeft } from "./order.js";

/** "0:42", "12:05", "2 h 14 min", "3 d 4 h"; "0:00" if it has passed. */
export function countdownText(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "calm", "soon" (under a quarter or half a minute), "now" (ten seconds) or "over". */
export function urgency(left, total) {
  if (left <= 0) return "over";
  if (left <= 10000) return "now";
  return left <= 30000 || left <= total / 4 ? "soon" : "calm";
}

/** Shows the countdown of one request in its card. */
export class Countdown {
  constructor(text, level) {
    this.text = text;
    this.level = level;
    this.urgency = "";
  }

  /** Returns how pressing it is. Without a deadline there is nothing to count. */
  show(request, now) {
    if (Number.isNaN(request.deadline)) return this.#showNone();
    const left = timeLeft(request, now);
    const total = Math.max(1, request.deadline - request.createdAt);
    this.urgency = urgency(left, total);
    const words = this.urgency === "over" ? "time is up" : `${countdownText(left)} left`;
    if (this.text.textContent !== words) this.text.textContent = words;
    this.text.dataset.urgency = this.urgency;
    this.level.style.setProperty("--share", String(Math.min(1, Math.max(0, left / total))));
    return this.urgency;
  }

  #showNone() {
    if (this.text.textContent === "") this.text.textContent = "no deadline";
    this.level.style.setProperty("--share", "0");
    return "calm";
  }
}
