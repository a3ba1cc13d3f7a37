import { availableParallelism } from "node:os";

/** Somebody who used CPU while something was measured. */
export interface Party {
  readonly name: string;
  /** In a sentence. Default: its name. */
  readonly called?: string;
  /** 1: one core all the time. NaN: not known. */
  readonly cpus: number;
  /** Cores that it can use at most. Default 1. */
  readonly most?: number;
}

/** From this part of a CPU on, or of all of them, it is taken for busy all the time. */
export const busyPart = 0.9;

/** Who could do no more: whoever kept its cores busy, or all together the machine; and what each of them used. */
export function whoWasBusy(parties: readonly Party[]): string {
  const known = parties.filter(({ cpus }) => !Number.isNaN(cpus));
  const shares = known
    .map(({ name, cpus }, i) => `${name} ${(cpus * 100).toFixed(0)} %${i === 0 ? " of a core" : ""}`)
    .join(", ");
  if (known.length < parties.length) return shares;
  const [busiest] = known
    .filter(({ cpus, most = 1 }) => cpus >= busyPart * most)
    .toSorted((one, other) => other.cpus - one.cpus);
  const all = known.reduce((sum, { cpus }) => sum + cpus, 0);
  if (busiest !== undefined) return `${busiest.called ?? busiest.name} was busy all the time (${shares})`;
  return all >= busyPart * availableParallelism()
    ? `all cores were busy (${shares})`
    : `nobody was busy all the time, they waited for each other (${shares})`;
}
