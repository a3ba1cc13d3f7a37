import type { Line } from "../upstream/line.ts";
import type { Taker } from "../upstream/turns.ts";
import type { Batch } from "./command-reader.ts";
import type { Service, SessionEnd } from "./service.ts";

/** A local connection, as those see it who carry out its commands. */
export interface Client extends Taker {
  readonly id: number;
  readonly service: Service;
  /** RESP version that it has chosen. */
  protocol: 2 | 3;
  database: number;
  /** By CLIENT SETNAME; null: none. */
  name: string | null;
  /** Logged in, as far as the tunnel's own gate is concerned. */
  readonly isAdmitted: boolean;
  readonly isClosed: boolean;
  /** Replies that are not here yet. */
  readonly due: number;
  /** The shared line on which its last commands were carried out. */
  readonly lastLine: Line | null;
  /** Under which host it reaches this tunnel. */
  readonly toldHost: string;
  /** Carries out what has come, as far as that can be at the moment. */
  readonly pump: () => void;
  admit(): void;
  expel(): void;
  /** Gives commands to a shared line, or to its own where it has one. Returns false when that has to wait. */
  share(batch: Batch): boolean;
  /** Gives commands to a line; their replies are due here. */
  give(line: Line, batch: Batch): void;
  /** Replies that others take, and hand over. */
  expect(count: number): void;
  /** Writes a reply of the tunnel's own. */
  answer(bytes: Buffer): void;
  /** Answers the command that waits, and goes on. */
  answerHeld(bytes: Buffer): void;
  /** Writes what is left and ends the connection. */
  finish(reason: SessionEnd, error?: Error | null): void;
}
