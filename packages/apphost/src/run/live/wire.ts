import type { Failure } from "@redoubt/services/machine";
import type { Snapshot } from "../../model/snapshot.ts";
import type { LogLine } from "../logs/log-store.ts";

/** What a running app is asked over its socket: one line of JSON, one question for each connection. */
export type Question =
  | { readonly ask: "about" }
  | { readonly ask: "snapshots" }
  /** With secrets in the clear. */
  | { readonly ask: "reveal"; readonly name: string }
  /** Items: every snapshot as it is, then each one that changes. */
  | { readonly ask: "watch" }
  /** Items: lines. Without a name those of all resources. */
  | { readonly ask: "logs"; readonly name?: string; readonly tail?: number; readonly follow?: boolean }
  | { readonly ask: "start" | "stop" | "restart"; readonly name: string }
  /** Stops the app. */
  | { readonly ask: "shut-down" }
  | { readonly ask: "execute"; readonly name: string; readonly command: string }
  | { readonly ask: "wait"; readonly name: string; readonly until: string; readonly timeout?: number }
  | { readonly ask: "parameter"; readonly name: string; readonly value: string; readonly keep?: boolean }
  | { readonly ask: "connection-string"; readonly name: string };

/** What it answers: any number of items, then one of the others. One line of JSON each. */
export type Reply = { readonly item: Snapshot | LogLine } | { readonly result: unknown } | Failure;

/** Who answers at a socket. */
export interface AppFacts {
  /** SHA-256 of the path of its file. */
  readonly identity: string;
  /** The app's file. */
  readonly file: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}
