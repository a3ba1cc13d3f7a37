import { password as ask, isCancel } from "@clack/prompts";
import { RedoubtError, Secret, type Target } from "@redoubt/client";
import type { Invocation } from "./invocation.ts";
import { readStdin } from "./stdin.ts";

/** Where a password may come from that is not part of the connection string; the first that is set counts. */
const variables = ["REDOUBT_PASSWORD", "REDISCLI_AUTH"] as const;

/**
 * Completes a target with a password that is not in its string: from stdin where the user said so (it then wins over
 * the string's own), else from the environment where the string has none.
 *
 * @throws RedoubtError CONFIG_MISSING when stdin was promised and is empty
 */
export async function withPassword(
  target: Target,
  fromStdin: boolean,
  invocation: Invocation,
): Promise<Target> {
  if (fromStdin) {
    const text = await readStdin(invocation, "password");
    if (text === "")
      throw new RedoubtError("CONFIG_MISSING", "--password-stdin was given and stdin holds no password.");
    return { ...target, password: new Secret(text) };
  }
  const variable = variables.find((name) => invocation.environment[name]);
  if (target.password !== null || variable === undefined) return target;
  invocation.output.note(`The password comes from ${variable}.`);
  return { ...target, password: new Secret(invocation.environment[variable] ?? "") };
}

/** Whether somebody is there to be asked. */
export function canAsk({ stdin, output }: Invocation): boolean {
  return stdin.isTTY && output.talksToTerminal;
}

/**
 * Asks for the password on the terminal. Wants {@link canAsk}.
 *
 * @throws RedoubtError CLOSED_ABORTED when the user gives up
 */
export async function askPassword(target: Target, invocation: Invocation): Promise<Secret> {
  return askPasswordOf(target.username, invocation);
}

/** {@link askPassword} of a user; null for the user `default`. */
export async function askPasswordOf(user: string | null, invocation: Invocation): Promise<Secret> {
  const message = `Password of ${user ?? "the default user"}`;
  const { stdin: input, stderr: output, signal } = invocation;
  // stdout is data, so that the question must go to stderr.
  const answer = await ask({ message, input, output, signal });
  if (isCancel(answer))
    throw new RedoubtError("CLOSED_ABORTED", "Interrupted while asking for the password.");
  return new Secret(answer);
}
