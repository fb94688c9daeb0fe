// The HTTP API of the review server. Knows addresses and errors, but nothing of the page.

import { readAuditEntry, readPage, readRequest } from "./records.js";
import { parse } from "./lossless_json.js";
import { base } from "./place.js";

const patience = 10000;

/**
 * Asks only this server, without the cookies that other ports may have set. A proxy that signs people in has its own.
 */
const isProxied = "proxied" in document.body.dataset;
const alone = { mode: "same-origin", credentials: isProxied ? "same-origin" : "omit", redirect: "error", cache: "no-store" };

/** What the server refused, or that it could not be reached (status 0). */
export class ApiError extends Error {
  constructor(status, code, message, request) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.request = request;
  }
}

/** One reviewer's session with the server. */
export class Api {
  #secret = "";
  /** The key that signs what is decided here; empty if there is none. */
  keyId = "";
  reviewer = "";

  constructor(clock) {
    this.clock = clock;
  }

  /** Signs in with the key of a printed link; uses a secret of our own from then on. Returns the reviewer's name. */
  async openSession(link, secret) {
    return this.#begin(secret, await this.post("/api/session", { link, secret }));
  }

  /** Resumes the session that this browser already has. */
  async resumeSession(secret) {
    return this.#begin(secret, await this.get("/api/session", {}, secret));
  }

  async pending(limit, cursor) {
    const answer = await this.get("/api/requests", { status: "pending", limit, cursor });
    return readPage(answer, "requests", readRequest);
  }

  async request(id) {
    return readRequest((await this.get(`/api/requests/${encodeURIComponent(id)}`)).get("request"));
  }

  async audit(limit, cursor) {
    return readPage(await this.get("/api/audit", { limit, cursor }), "audit", readAuditEntry);
  }

  /** The stops in force, as the server tells them. */
  async stops() {
    return (await this.get("/api/stops")).get("stops");
  }

  stop(order) {
    return this.post("/api/stops", order);
  }

  resume(stopId) {
    return this.post(`/api/stops/${encodeURIComponent(stopId)}/resume`, {});
  }

  /** The grants by which calls may still start. */
  async grants() {
    return (await this.get("/api/grants")).get("grants");
  }

  revoke(grantId) {
    return this.post(`/api/grants/${encodeURIComponent(grantId)}/revoke`, {});
  }

  /**
   * `verdict` is "approve", "reject" or "answer". `request` is the one that was seen, and `shown` how much of it was.
   * The decision is sent even if its page goes away. `edits`, `grant` and `words`, an answer, are JSON or empty:
   * numbers keep the digits that were typed.
   */
  async decide({ request, verdict, notes, shown, edits = "", grant = "", words = "" }) {
    const plain = JSON.stringify({ notes, shown, view: request.viewDigest });
    const more = (name, json) => (json === "" ? "" : `,"${name}":${json}`);
    const body = `${plain.slice(0, -1)}${more("edits", edits)}${more("grant", grant)}${more("answer", words)}}`;
    const answer = await this.post(`/api/requests/${encodeURIComponent(request.id)}/${verdict}`, body, true);
    return readRequest(answer.get("request"));
  }

  /** The raw stream of events, from after the one with that id, or from now on if there is none. */
  events(signal, lastId) {
    return this.stream("/api/events", signal, lastId && { "Last-Event-ID": lastId });
  }

  /** An answer that is read as it comes in, however long that takes. */
  stream(path, signal, headers) {
    return fetch(base + path, { ...alone, headers: { ...this.#headers(), ...headers }, signal });
  }

  /** If somebody else is signed in by now, the page is loaded again: what was typed and held here is not theirs. */
  #begin(secret, answer) {
    const reviewer = answer.get("reviewer") ?? "";
    if (this.reviewer && this.reviewer !== reviewer) location.reload();
    else [this.#secret, this.reviewer, this.keyId] = [secret, reviewer, answer.get("key_id") ?? ""];
    return reviewer;
  }

  /** The answer to a GET. Throws an ApiError. Also for parts that are loaded late. */
  get(path, query = {}, secret = this.#secret) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    const search = new URLSearchParams(given).toString();
    return this.#ask(search ? `${path}?${search}` : path, { method: "GET", headers: this.#headers(secret) });
  }

  post(path, body, keepalive = false) {
    const headers = { ...this.#headers(), "Content-Type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.#ask(path, { method: "POST", headers, body: text, keepalive });
  }

  /** A secret from before there was such a proxy would replace what the proxy knows its browser by. */
  #headers(secret = this.#secret) {
    return secret && !isProxied ? { Authorization: `Bearer ${secret}` } : {};
  }

  async #ask(path, options) {
    const answer = await reach(path, options);
    const body = read(answer.text);
    if (!answer.ok) throw refusal(answer.status, body ?? new Map());
    if (!body) throw new ApiError(answer.status, "malformed", "The server's answer could not be read.");
    this.clock.follow(body.get("now"));
    return body;
  }
}

async function reach(path, options) {
  try {
    const response = await fetch(base + path, { ...options, ...alone, signal: AbortSignal.timeout(patience) });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch {
    throw new ApiError(0, "unreachable", "The review server does not answer.");
  }
}

/** The object in an answer; undefined if it holds anything else. */
function read(text) {
  try {
    const body = parse(text);
    return body instanceof Map ? body : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status, body) {
  const request = body.get("request") instanceof Map ? readRequest(body.get("request")) : undefined;
  return new ApiError(status, body.get("code") ?? "", body.get("error") ?? `The server answered ${status}.`, request);
}
