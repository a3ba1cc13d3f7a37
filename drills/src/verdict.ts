import type { Allowance, Outcome } from "./drill.ts";

/** How much more memory the process may hold at the end than at the beginning, bytes: compiled code, not data. */
export const allowedGrowth = 2 * 1024 * 1024;

/**
 * Holds what came of a drill to what must always be, and to what the drill allows.
 * @returns what is wrong; empty when nothing is
 */
export function findings(allowed: Allowance, { account, serversMs = 0 }: Outcome): string[] {
  const { answered, pending, settledTwice, misdelivered, lost, recoverMs, begin, end } = account;
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string): void => {
    if (!holds) found.push(otherwise);
  };
  must(answered > 0, "nothing was answered: the drill shows nothing");
  must(pending === 0, `${pending} promises were never settled`);
  must(settledTwice === null || settledTwice === 0, `${settledTwice} promises were settled more than once`);
  must(misdelivered === 0, `${misdelivered} replies went to the wrong caller`);
  must(lost === 0 || allowed.lostWrites === true, `${lost} reads did not find a write that was confirmed`);
  const unexpected = Object.entries(account.failed).filter(
    ([code]) => !(allowed.codes as readonly string[]).includes(code),
  );
  for (const [code, count] of unexpected) found.push(`${count} commands failed with ${code}`);
  const ownMs = Math.round(recoverMs - serversMs);
  must(
    ownMs <= allowed.recoverMs,
    `callers were without answers for ${ownMs} ms longer than the servers, not ${allowed.recoverMs}`,
  );
  const growth = end.memory - begin.memory;
  must(growth <= allowedGrowth, `${growth} bytes of memory more than at the beginning`);
  const [before, after] = [begin.descriptors ?? 0, end.descriptors ?? 0];
  must(after <= before, `${after} open descriptors, ${before} at the beginning`);
  for (const { protocol, published, received, wrong } of account.heard) {
    must(wrong === 0, `the RESP${protocol} listener got ${wrong} messages twice, late or by mistake`);
    must(received > 0 && published > 0, `the RESP${protocol} listener heard nothing`);
  }
  return found;
}
