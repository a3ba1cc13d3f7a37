/** How long things may take, and how often one asks. All in ms. */
export interface Timing {
  /** One request, from connecting to the last byte of the answer. */
  readonly request: number;
  /** One request with all its repetitions. */
  readonly patience: number;
  /** The wait before the first repetition; it doubles. */
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** The longest wait that `Retry-After` may ask for; what asks for more is a failure that says so. */
  readonly longestAsked: number;
  /** Between two looks at something under way, where Azure does not say. It grows by half, up to `longestPoll`. */
  readonly poll: number;
  readonly longestPoll: number;
  /** One deployment, from asking for it to its end. A cache takes up to an hour. */
  readonly deployment: number;
  /** Until a role that was just assigned lets a secret be read. */
  readonly secret: number;
  /** Between two looks at the resources of a deployment under way. */
  readonly operations: number;
}

/** What is used unless something else is said. */
export const usualTiming: Timing = {
  request: 100_000,
  patience: 300_000,
  firstRetry: 1000,
  longestRetry: 30_000,
  longestAsked: 600_000,
  poll: 5000,
  longestPoll: 15_000,
  deployment: 7_200_000,
  secret: 600_000,
  operations: 10_000,
};

/**
 * Waits.
 * @throws the signal's reason
 */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(reasonOf(signal));
    const stop = (): void => {
      clearTimeout(timer);
      reject(reasonOf(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}
