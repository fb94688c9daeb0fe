// Puts the parts of the page together.

import { Announcer } from "./announcer.js";
import { Api } from "./api.js";
import { AuditView } from "./audit_view.js";
import { ServerClock } from "./clock.js";
import { coalesced } from "./coalesce.js";
import { Gate, takeToken } from "./gate.js";
import { Live } from "./live.js";
import { Masthead } from "./masthead.js";
import { RequestsView } from "./requests_view.js";

const leastPause = 150;

const part = (id) => document.getElementById(id);

const clock = new ServerClock();
const api = new Api(clock);
const announcer = new Announcer(part("announcer"));
const masthead = new Masthead(document, announcer);
const gate = new Gate(part("gate"), part("desk"));
const onStale = () => refresh().catch(() => live.retry());
const requests = new RequestsView({ api, clock, announcer, masthead, onStale }, document);
const audit = new AuditView(api, clock, document);

const refresh = coalesced(() => Promise.all([requests.refresh(), audit.refresh()]), leastPause);
let token = takeToken(location, history);
let hadSession = false;
let tokenWasRefused = false;

/** Takes up or opens the session, then brings everything up to date. */
async function sync() {
  masthead.showReviewer(await enter());
  await refresh();
  hadSession = true;
  gate.open();
}

async function enter() {
  if (!token) return api.resumeSession();
  try {
    const reviewer = await api.openSession(token);
    token = "";
    return reviewer;
  } catch (error) {
    if (error.status !== 401) throw error;
    token = "";
    tokenWasRefused = true;
    return api.resumeSession();
  }
}

function show(state, delay, why) {
  masthead.showConnection(state, delay, why);
  if (state === "signed-out") gate.close(gateReason());
  if (state === "lost" && !hadSession) gate.close("unreachable");
}

function gateReason() {
  if (tokenWasRefused) return "refused";
  return hadSession ? "ended" : "none";
}

const live = new Live({ sync, show, changed: onStale });

window.addEventListener("hashchange", () => {
  token = takeToken(location, history) || token;
  tokenWasRefused = false;
  live.retry();
});
part("refresh").addEventListener("click", () => live.retry());
part("notice").querySelector("button").addEventListener("click", () => live.retry());
setInterval(() => {
  requests.tick();
  masthead.tick();
}, 1000);
live.start();
