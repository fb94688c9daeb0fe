// Server-sent events by fetch(): an EventSource can send no header, and so no secret.

/** Cuts a stream, as it comes, into events. Understands what our own server writes: lines that end in a line feed. */
export class EventParser {
  #rest = "";

  /** The names of the events that `text` completes. */
  take(text) {
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop();
    return blocks.map(nameOf).filter((name) => name !== "");
  }
}

/** Empty for a comment, which only says that the server is there. */
function nameOf(block) {
  const line = block.split("\n").find((one) => one.startsWith("event: "));
  return line ? line.slice("event: ".length) : "";
}

/** A stream of events, open until close() or its end. `heard(name)` is told of each event, `ended()` of the end. */
export class EventStream {
  #closing = new AbortController();

  /** `open(signal)` asks for the stream. */
  constructor(open, { heard, ended }) {
    this.#read(open, heard).catch(() => {}).then(() => this.isClosed || ended());
  }

  get isClosed() {
    return this.#closing.signal.aborted;
  }

  close() {
    this.#closing.abort();
  }

  async #read(open, heard) {
    const response = await open(this.#closing.signal);
    if (!response.ok) return response.body?.cancel();
    const parser = new EventParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const name of parser.take(part.value)) {
        if (!this.isClosed) heard(name);
      }
    }
  }
}
