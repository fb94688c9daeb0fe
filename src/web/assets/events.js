// Server-sent events by fetch(): an EventSource can send no header, and so no secret.

import { parse } from "./lossless_json.js";

/** Cuts a stream into events as it comes. Understands what our own server writes: lines that end in a line feed. */
export class EventParser {
  #rest = "";

  /** The events that `text` completes. Each has its `name`, and the `id` and `status` of its request. */
  take(text) {
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop();
    return blocks.map(eventOf).filter(({ name }) => name !== "");
  }
}

/** A comment has no name; it only shows that the server is there. `place` is what to send to go on after the event. */
function eventOf(block) {
  return { name: fieldOf(block, "event: "), place: fieldOf(block, "id: "), ...readData(fieldOf(block, "data: ")) };
}

function fieldOf(block, field) {
  return block.split("\n").find((one) => one.startsWith(field))?.slice(field.length) ?? "";
}

/** The id is empty if the event names no request: anything may have changed. */
function readData(data) {
  try {
    const event = parse(data);
    return { id: event.get("request_id") ?? "", status: event.get("status") ?? "", isResumed: event.get("resumed") === true };
  } catch {
    return { id: "", status: "", isResumed: false };
  }
}

/**
 * A stream of events, open until close() or its end. Calls `heard(event)` for each event, `alive()` for any sign of the
 * server, and `ended()` at the end.
 */
export class EventStream {
  #closing = new AbortController();

  /** `open(signal)` requests the stream. */
  constructor(open, { heard, alive, ended }) {
    this.#read(open, heard, alive).catch(() => {}).then(() => this.isClosed || ended());
  }

  get isClosed() {
    return this.#closing.signal.aborted;
  }

  close() {
    this.#closing.abort();
  }

  async #read(open, heard, alive) {
    const response = await open(this.#closing.signal);
    if (!response.ok) return response.body?.cancel();
    const parser = new EventParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const event of parser.take(part.value)) {
        if (!this.isClosed) heard(event);
      }
      alive();
    }
  }
}
