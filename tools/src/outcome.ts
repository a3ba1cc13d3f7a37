/** What a check found. A check that looked at nothing has failed: it proves nothing. */
export interface Outcome {
  /** How many things it looked at. */
  readonly looked: number;
  /** What they are, in the plural: `imports`, `links`. */
  readonly unit: string;
  /** One per finding, beginning with the file where there is one: `packages/a/src/b.ts:3 …`. Empty: all is well. */
  readonly problems: readonly string[];
  /** Worth knowing, and no failure. */
  readonly notes?: readonly string[];
}

/** Whether the check is passed. */
export function isPassed({ looked, problems }: Outcome): boolean {
  return looked > 0 && problems.length === 0;
}

/** What the person at the terminal reads: one line, and below it every finding. */
export function describe(name: string, { looked, unit, problems, notes = [] }: Outcome): string {
  const findings = looked === 0 ? [`looked at no ${unit}: is the folder right?`, ...problems] : problems;
  const verdict = findings.length === 0 ? "ok" : `${findings.length} to mend`;
  return [
    `${name.padEnd(8)} ${looked} ${unit}: ${verdict}`,
    ...findings.map((line) => `  ${line}`),
    ...notes.map((line) => `  (${line})`),
  ].join("\n");
}
