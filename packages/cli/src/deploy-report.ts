import { type DeployEvent, type DeployResult, forecastText } from "@redoubt/apphost";
import { inert, type Output } from "./output.ts";

/** Something that takes long is told again after this time, ms. */
const reminder = 30_000;

const good = new Set(["Provisioned", "Running"]);
const bad = /^(Failed|Azure deployment canceled|Skipped)/;

/** Tells how far a deployment is, a line for each change; what takes long, every half a minute. */
export class DeployProgress {
  readonly #output: Output;
  readonly #states = new Map<string, string>();
  readonly #told = new Map<string, number>();

  constructor(output: Output) {
    this.#output = output;
  }

  tell(event: DeployEvent): void {
    const { paintTalk } = this.#output;
    if (event.kind === "note") {
      const text = this.#output.foreign(event.message);
      this.#output.note(event.severity === "warning" ? `${paintTalk("warn", "warning")}: ${text}` : text);
      return;
    }
    const { unit, state, elapsed, message, portal, operations = [] } = event;
    const changed = this.#states.get(unit) !== state || message !== undefined;
    const now = performance.now();
    if (state === "Waiting" || (!changed && now - (this.#told.get(unit) ?? 0) < reminder)) return;
    const isNew = this.#states.get(unit) !== state;
    this.#states.set(unit, state);
    this.#told.set(unit, now);
    const style = good.has(state) ? "good" : bad.test(state) ? "bad" : "strong";
    const parts = [
      `${inert(unit)}: ${paintTalk(style, inert(state))}`,
      elapsedText(elapsed),
      ...(message === undefined ? [] : [this.#output.foreign(message)]),
    ];
    this.#output.note(parts.join("  "));
    for (const { type, name, state: its } of operations)
      this.#output.note(`  ${this.#output.foreign(`${type} ${name}: ${its}`)}`);
    if (isNew && state === "Waiting for Deployment" && portal !== undefined)
      this.#output.note(`  ${paintTalk("faint", this.#output.foreign(portal))}`);
  }
}

/** Tells a person what deploying has done, or would do. */
export function tellDeployed(result: DeployResult, output: Output): void {
  if (result.kind === "forecast") {
    for (const line of forecastText(result.forecast).split("\n")) output.line(output.foreign(line));
    return;
  }
  if (result.kind === "destroyed") {
    output.line(
      result.removed === null
        ? "There was nothing to remove."
        : output.foreign(`Removed the resource group ${result.removed.group}.`),
    );
    return;
  }
  for (const { name, end, outputs, error } of result.resources) {
    output.line(`${output.paint(error === null ? "good" : "bad", end.padEnd(9))}  ${output.foreign(name)}`);
    for (const [key, value] of Object.entries(outputs))
      output.line(
        `             ${output.foreign(`${key} = ${typeof value === "string" ? value : JSON.stringify(value)}`)}`,
      );
    if (error !== null && end !== "left") {
      output.note(`  ${output.foreign(error.message)}`);
      if (error.hint !== null && end !== "skipped") output.note(`  fix  ${output.foreign(error.hint)}`);
    }
  }
  if (result.interrupted)
    output.note(
      "Interrupted: what was under way goes on in Azure, and the next `redoubt deploy` takes it up.",
    );
}

function elapsedText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
