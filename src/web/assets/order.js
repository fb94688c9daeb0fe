// The order in which to look at requests: what ends first and weighs most comes first.

const minute = 60000;
const weights = { critical: 4, high: 3, medium: 2, low: 1 };
const weightOfOther = 2.5;
const weightOfNone = 1.5;

/** How long a request may still be answered, in milliseconds; NaN without a deadline. `now` is the server's time. */
export function timeLeft(request, now) {
  return Number.isNaN(request.endsAt) ? request.deadline - now : request.endsAt - performance.now();
}

/** A risk with a name that only the policy knows weighs more than a medium one. */
export function weightOf(risk) {
  return risk === "" ? weightOfNone : (weights[risk.toLowerCase()] ?? weightOfOther);
}

/** 0: ends within a minute; 1: within five; 2: later, or never. */
export function haste(left) {
  if (left <= minute) return 0;
  return left <= 5 * minute ? 1 : 2;
}

/** The same requests, sorted: by haste, then by risk, then by deadline, then by age. */
export function ordered(rows, now) {
  const keyed = rows.map((row) => {
    const { risk, deadline, createdAt } = row.request;
    return { row, keys: [haste(timeLeft(row.request, now)), -weightOf(risk), deadline || Infinity, createdAt || 0] };
  });
  return keyed.sort((a, b) => compared(a.keys, b.keys)).map(({ row }) => row);
}

function compared(a, b) {
  const place = a.findIndex((key, index) => key !== b[index]);
  return place < 0 ? 0 : a[place] < b[place] ? -1 : 1;
}

/** "2 end within a minute, 1 critical"; empty if nothing is pressing. */
export function pressingText(rows, now) {
  const soon = rows.filter(({ request }) => haste(timeLeft(request, now)) === 0).length;
  const critical = rows.filter(({ request }) => weightOf(request.risk) === weights.critical).length;
  const failed = rows.filter(({ fault }) => fault !== "").length;
  const words = [];
  if (soon > 0) words.push(`${soon} ${soon === 1 ? "ends" : "end"} within a minute`);
  if (critical > 0) words.push(`${critical} critical`);
  if (failed > 0) words.push(`${failed} not sent`);
  return words.join(", ");
}
