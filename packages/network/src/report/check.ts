import type { Exports } from "../exports/read.ts";
import { findAll } from "../findings/find.ts";
import type { Finding } from "../findings/finding.ts";
import type { JudgeOptions } from "../judge/injected.ts";
import { type Judgement, judge } from "../judge/judge.ts";

/** The whole of a check: what was read, what was judged, what was found. */
export interface NetworkReport {
  readonly exports: Exports;
  readonly judgement: Judgement;
  readonly findings: readonly Finding[];
}

/**
 * Checks exports of a network: judges every flow of every cache, and finds what is wrong.
 *
 * @example checkNetwork(readExports([{ name: "vnet.json", bytes }])).findings
 */
export function checkNetwork(exports: Exports, options: JudgeOptions = {}): NetworkReport {
  const judgement = judge(exports.network, options);
  return { exports, judgement, findings: findAll(judgement) };
}
