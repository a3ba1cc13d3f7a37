import { password as ask, isCancel } from "@clack/prompts";
import { RedoubtError, Secret } from "@redoubt/client";
import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { canAsk } from "../password.ts";
import { readStdin } from "../stdin.ts";

/** Where a chosen password comes from; never an argument. */
export interface NewPasswordFlags {
  readonly newPassword?: true;
  readonly newPasswordStdin?: true;
}

const variable = "REDOUBT_NEW_PASSWORD";

/** Adds `--new-password` (environment or question) and `--new-password-stdin`. */
export function addNewPassword(command: Command): Command {
  return command
    .option("--new-password", `choose it: from ${variable}, stdin, or a question (default: made up)`)
    .option("--new-password-stdin", "read it from stdin");
}

/**
 * The password that the user chose; `undefined`: one is to be made up.
 *
 * @throws RedoubtError CONFIG_MISSING where there is none, CLOSED_ABORTED when the user gives up
 */
export async function newPassword(
  { newPassword: chosen, newPasswordStdin }: NewPasswordFlags,
  invocation: Invocation,
): Promise<string | undefined> {
  if (!chosen && !newPasswordStdin) return undefined;
  const text = await read(newPasswordStdin === true, invocation);
  if (text === "")
    throw new RedoubtError("CONFIG_MISSING", "The new password is empty.", {
      hint: `Put it on stdin or into ${variable}; leave --new-password out to have one made up.`,
    });
  invocation.output.hide(new Secret(text));
  return text;
}

async function read(fromStdin: boolean, invocation: Invocation): Promise<string> {
  const { environment, stdin: input, stderr: output, signal } = invocation;
  if (fromStdin) return readStdin(invocation, "password");
  const set = environment[variable];
  if (set !== undefined && set !== "") return set;
  if (!canAsk(invocation)) return readStdin(invocation, "password");
  const answer = await ask({ message: "New password", input, output, signal });
  if (isCancel(answer))
    throw new RedoubtError("CLOSED_ABORTED", "Interrupted while asking for the password.");
  return answer;
}
