/**
 * Wraps an asynchronous function so that it never overlaps itself, and rests for `pause` milliseconds between runs. If
 * it is called while it runs, it runs once more afterwards, however often it was called. Every caller gets the promise
 * of a run that began after the call.
 */
export function coalesced(work, pause = 0) {
  let current;
  let next;
  const rest = () => new Promise((resolve) => setTimeout(resolve, pause));
  const start = () => {
    next = undefined;
    const run = work();
    current = run.then(rest, rest).then(() => (current = undefined));
    return run;
  };
  return () => {
    if (!current && !next) return start();
    next ??= current.then(start);
    return next;
  };
}
