// Time as the server sees it, and as a person reads it.

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/;

/** Milliseconds since 1970 of the record's UTC text; NaN for anything else. */
export function parseTime(text) {
  const found = form.exec(text ?? "");
  return found ? Date.parse(`${found[1]}.${(found[2] ?? "").padEnd(3, "0").slice(0, 3)}Z`) : NaN;
}

/** The server's clock. Between its answers, a clock that nobody can set carries it on. */
export class ServerClock {
  #offset = Date.now() - performance.now();

  /** Takes over the time of an answer. */
  follow(text) {
    const time = parseTime(text);
    if (!Number.isNaN(time)) this.#offset = time - performance.now();
  }

  now() {
    return this.#offset + performance.now();
  }
}

const units = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** "just now", "20 s ago", "5 min ago", "3 h ago". */
export function agoText(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  if (!(seconds >= 1)) return "just now";
  const [size, unit] = units.find(([length]) => seconds >= length);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** "45 s", "1 min 30 s", "8 h", of whole seconds. */
export function spanText(seconds) {
  const largest = Math.max(0, units.findIndex(([length]) => seconds >= length));
  const parts = units.slice(largest, largest + 2).map(([length, unit], index) => {
    const rest = index === 0 ? seconds : seconds % units[largest][0];
    return [Math.floor(rest / length), unit];
  });
  return parts.filter(([count], index) => index === 0 || count > 0).map((part) => part.join(" ")).join(" ");
}

const clockForm = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayForm = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** "14:02:11", in this machine's local time. */
export function clockText(time) {
  return Number.isNaN(time) ? "--:--:--" : clockForm.format(time);
}

/** The date in this machine's local time. */
export function dayText(time) {
  return Number.isNaN(time) ? "Unknown day" : dayForm.format(time);
}

/** "14:02:11", with the date if it is not today. */
export function momentText(time) {
  const day = dayForm.format(time);
  return day === dayForm.format(Date.now()) ? clockText(time) : `${clockText(time)}, ${day}`;
}

/** The date, or "Today" or "Yesterday". */
export function nearDayText(day, now) {
  if (day === dayForm.format(now)) return "Today";
  return day === dayForm.format(now - 86400000) ? "Yesterday" : day;
}

/** Fills a <time> element: what it shows, what machines read, and the full moment on hover. */
export function showTime(node, time, text) {
  if (node.textContent !== text) node.textContent = text;
  if (Number.isNaN(time)) return;
  const exact = new Date(time).toISOString();
  if (node.dateTime === exact) return;
  node.dateTime = exact;
  node.title = `${dayForm.format(time)}, ${clockForm.format(time)}`;
}
