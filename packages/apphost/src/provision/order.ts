import { RedoubtError } from "@redoubt/client";
import type { Unit } from "./unit.ts";

/**
 * Holds units to what can be ordered: names are there once, needs and targets of roles are there, nothing waits for itself.
 * @returns the units so that each comes behind what it needs; else in the order given
 * @throws RedoubtError `APP_MODEL`
 */
export function ordered(units: readonly Unit[]): readonly Unit[] {
  const byName = new Map<string, Unit>();
  for (const unit of units) {
    if (byName.has(unit.name))
      throw new RedoubtError("APP_MODEL", `Two things to deploy are called ${unit.name}`);
    byName.set(unit.name, unit);
  }
  const done: Unit[] = [];
  const path: string[] = [];
  const visit = (unit: Unit): void => {
    if (done.includes(unit)) return;
    if (path.includes(unit.name))
      throw new RedoubtError(
        "APP_MODEL",
        `${[...path.slice(path.indexOf(unit.name)), unit.name].join(" needs ")}: nothing can be first`,
      );
    path.push(unit.name);
    for (const name of needsOf(unit)) {
      const needed = byName.get(name);
      if (needed === undefined)
        throw new RedoubtError(
          "APP_MODEL",
          `${unit.name} needs ${name}, which is not among what is deployed`,
        );
      visit(needed);
    }
    path.pop();
    done.push(unit);
  };
  for (const unit of units) visit(unit);
  return done;
}

/** What a unit waits for: what it uses, and the target of its roles. */
export function needsOf(unit: Unit): readonly string[] {
  return [...new Set([...unit.needs, ...(unit.rolesOf === undefined ? [] : [unit.rolesOf])])].filter(
    (name) => name !== unit.name,
  );
}
