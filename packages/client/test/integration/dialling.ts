import { expect } from "vitest";
import { parse } from "../../src/config/parse.ts";
import type { RedoubtError } from "../../src/errors.ts";
import { type Dialled, dial } from "../../src/net/dial.ts";
import { type DialOptions } from "../../src/net/dial-options.ts";
import type { Stage } from "../../src/net/report.ts";

/** A connection that is closed at the end of the block. */
export class Open implements Disposable {
  readonly dialled: Dialled;

  constructor(dialled: Dialled) {
    this.dialled = dialled;
  }

  get report() {
    return this.dialled.report;
  }

  [Symbol.dispose](): void {
    this.dialled.close();
  }
}

/** Dials a connection string. */
export async function open(uri: string, options: DialOptions = {}): Promise<Open> {
  return new Open(await dial(parse(uri), options));
}

/** What came of a dial that had to fail: the error, the stages that ended, and how long it took (ms). */
export interface Refusal {
  readonly error: RedoubtError;
  readonly stages: readonly Stage[];
  readonly ms: number;
}

/** Dials a connection string that must not work. */
export async function refused(uri: string, options: DialOptions = {}): Promise<Refusal> {
  const stages: Stage[] = [];
  const start = performance.now();
  const error = await dial(parse(uri), { onStage: (stage) => stages.push(stage), ...options }).then(
    (dialled) => {
      dialled.close();
      return null;
    },
    (failure: RedoubtError) => failure,
  );
  expect(error, `${new URL(uri).host} was accepted`).not.toBeNull();
  return { error: error as RedoubtError, stages, ms: performance.now() - start };
}

/**
 * Dials a connection string that must not work until it takes no longer than that many ms, at most five times: a busy
 * machine may hold up one dial or the other, what is too slow by itself it makes no faster. Answers the last one.
 */
export async function refusedWithin(
  atMost: number,
  uri: string,
  options: DialOptions = {},
): Promise<Refusal> {
  for (let attempt = 1; ; attempt++) {
    const refusal = await refused(uri, options);
    if (refusal.ms < atMost || attempt === 5) return refusal;
  }
}

/** The same connection string, to another port of 127.0.0.1 or of the name given. */
export function redirected(uri: string, port: number, host?: string): string {
  const url = new URL(uri);
  url.port = String(port);
  if (host !== undefined) url.hostname = host;
  return url.href;
}
