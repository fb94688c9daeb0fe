// Puts the parts of the page together.

import { Announcer } from "./announcer.js";
import { Api } from "./api.js";
import { ServerClock } from "./clock.js";
import { coalesced } from "./coalesce.js";
import { Keys } from "./keys.js";
import { Live } from "./live.js";
import { Masthead } from "./masthead.js";
import { alertsPlace } from "./place.js";
import { RequestsView } from "./requests_view.js";
import { Session } from "./session.js";
import { SignIn, takeLink } from "./sign_in.js";
import { Stops } from "./stops.js";
import { Views } from "./views.js";

const leastPause = 150;

const part = (id) => document.getElementById(id);

const clock = new ServerClock();
const api = new Api(clock);
const announcer = new Announcer(part("announcer"));
const masthead = new Masthead(document, announcer);
const signIn = new SignIn(part("sign-in"), part("desk"), part("stops"), part("stop"), part("show-grants"));
const onStale = () => refresh().catch(() => live.retry());
const requests = new RequestsView({ api, clock, announcer, masthead, onStale }, document);
const stops = new Stops(api, document);
const views = new Views(document, { api, clock, announcer, openRequest }, () => live.retry());

const refresh = coalesced(async () => {
  await Promise.all([requests.known.refresh(), stops.refresh()]);
  await views.refresh();
  lookForAlerts();
}, leastPause);
const session = new Session();
let alerts;
let link = takeLink(location, history) || session.openLink;
let hadSession = false;
let refusal = "";

/** Resumes or opens the session, then updates everything, or what is known to have changed. */
async function sync(isWhole) {
  masthead.showReviewer(await enter());
  part("not-kept").hidden = !session.isBlocked;
  hadSession = true;
  refusal = "";
  signIn.open();
  if (isWhole) requests.known.noteChange();
  await refresh();
}

async function enter() {
  if (!link || session.wasBegunBy(link)) return api.resumeSession(session.secret);
  const secret = session.offerFor(link);
  try {
    const reviewer = await api.openSession(link, secret);
    session.begin(link, secret);
    link = "";
    return reviewer;
  } catch (error) {
    if (error.status !== 401) throw error;
    session.withdraw();
    link = "";
    refusal = error.code === "link_used" ? "used" : "refused";
    return api.resumeSession(session.secret);
  }
}

/** Shows a request on the desk if it is in the list. Returns whether it is. */
function openRequest(id, isInstead = true) {
  const row = requests.known.rows.find((one) => one.id === id);
  if (row) {
    views.go("/", isInstead);
    requests.open(row);
  }
  return row !== undefined;
}

/** Alerts are loaded only for a person who has turned them on or opens their settings. */
function openAlerts() {
  alerts ??= import("./alerts.js").then(({ Alerts }) => new Alerts(document, requests, clock.now(), ({ id }) => openRequest(id, false))).catch(() => (alerts = undefined));
  return alerts;
}

function lookForAlerts() {
  alerts?.then((found) => found?.look(clock.now()));
}

function show(state, delay, why) {
  masthead.showConnection(state, delay, why);
  if (state === "signed-out") signIn.close(whySignedOut());
  if (state === "lost" && !hadSession) signIn.close("unreachable");
}

function whySignedOut() {
  if (refusal) return refusal;
  if (hadSession) return "ended";
  return session.isBlocked ? "blocked" : "none";
}

function changed(id, status) {
  requests.known.noteChange(id, status);
  onStale();
}

function tick() {
  requests.tick();
  masthead.tick();
  lookForAlerts();
}

const live = new Live({
  sync,
  show,
  changed,
  events: (signal, place) => api.events(signal, place),
  alive: (isAwake) => (isAwake || document.hidden) && tick(),
});

/** Opens at once, so that no key counts any more. Its content comes later. */
function openHelp() {
  part("help").showModal();
  import("./help.js").then(({ tellKeys }) => tellKeys(part("keys"))).catch(() => live.retry());
}

new Keys(document, {
  j: () => requests.move(1),
  k: () => requests.move(-1),
  Enter: () => requests.enter(),
  Escape: () => requests.back(),
  a: () => requests.decideByKey("approve"),
  r: () => requests.decideByKey("reject"),
  n: () => requests.writeNote(),
  e: () => requests.write("edit"),
  g: () => requests.write("grant"),
  w: () => requests.detail.card?.reply?.open(),
  x: () => requests.toggle(),
  X: () => requests.toggleKind(),
  u: () => requests.decisions.undo(),
  "/": () => requests.find(),
  "?": openHelp,
}, () => document.querySelector("dialog[open]") || views.isPast || part("desk").hidden);
/** A list is loaded only when somebody opens it. */
function opens(id, load) {
  let list;
  part(id).addEventListener("click", async () => {
    list ??= new (await load())(api, document);
    list.open().catch(() => live.retry());
  });
}
opens("show-grants", async () => (await import("./grants_list.js")).GrantsList);
opens("show-sessions", async () => (await import("./sessions_list.js")).SessionsList);
part("show-help").addEventListener("click", openHelp);
part("show-alerts").addEventListener("click", async () => (await openAlerts())?.settings.open());

window.addEventListener("hashchange", () => {
  link = takeLink(location, history) || link;
  refusal = "";
  live.retry();
});
part("refresh").addEventListener("click", () => live.retry());
part("notice").querySelector("button").addEventListener("click", () => live.retry());
window.addEventListener("storage", ({ key }) => key === alertsPlace && openAlerts());
if (session.has(alertsPlace)) openAlerts();
setInterval(() => {
  tick();
  live.tick();
}, 1000);
live.start();
