import { IntervalSet } from "../model/intervals.ts";
import { everyPort, portSet } from "../model/port.ts";
import type { Access, Direction, Nsg, Protocol, SecurityRule } from "../model/rule.ts";
import { divide, type Matcher, type Meaning, matcher, type Part } from "./matcher.ts";
import type { Space } from "./space.ts";

/** A flow as a group sees it. */
export interface Question {
  readonly direction: Direction;
  readonly protocol: Protocol;
  /** Of the destination. */
  readonly ports: IntervalSet;
  /** The end that the group protects. */
  readonly local: Space;
  readonly remote: Space;
}

/** Part of a flow, and what becomes of it. */
export interface Cell {
  readonly access: Access | "unknown";
  /** The rule that decides; where that is not known, the one that would if none of `perhaps` did. */
  readonly rule: SecurityRule;
  /** Earlier rules that may decide, and decide otherwise. */
  readonly perhaps: readonly SecurityRule[];
  readonly ports: IntervalSet;
  readonly local: Space;
  readonly remote: Space;
}

/** What a client takes its own port from. A rule that names fewer source ports lets only some connections through. */
const sourcePorts = IntervalSet.of([1024, 65_535]);

interface ReadyRule {
  readonly rule: SecurityRule;
  readonly ports: IntervalSet;
  readonly sourcePorts: IntervalSet;
  readonly local: Matcher;
  readonly remote: Matcher;
}

interface Block {
  readonly ports: IntervalSet;
  readonly sourcePorts: IntervalSet;
  readonly local: Space;
  readonly remote: Space;
  readonly perhaps: readonly SecurityRule[];
}

/** A group made ready for many questions: names resolved, rules in the order in which they decide. */
export class Filter {
  readonly #rules: Readonly<Record<Direction, readonly ReadyRule[]>>;

  constructor(nsg: Pick<Nsg, "rules">, meaning: Meaning) {
    const sides = new Map<string, Matcher>();
    const side = (texts: readonly string[], asgs: readonly string[]) => {
      const key = JSON.stringify([texts, asgs]);
      const known = sides.get(key) ?? matcher(texts, asgs, meaning);
      sides.set(key, known);
      return known;
    };
    const ready = (direction: Direction) =>
      nsg.rules
        .filter((rule) => rule.direction === direction)
        .toSorted((a, b) => a.priority - b.priority)
        .map((rule) => {
          const source = side(rule.sources, rule.sourceAsgIds);
          const destination = side(rule.destinations, rule.destinationAsgIds);
          return {
            rule,
            ports: portsOf(rule.destinationPorts),
            sourcePorts: portsOf(rule.sourcePorts),
            ...(direction === "Inbound"
              ? { local: destination, remote: source }
              : { local: source, remote: destination }),
          };
        });
    this.#rules = { Inbound: ready("Inbound"), Outbound: ready("Outbound") };
  }

  /** Cuts the flow at every boundary of a rule, and says of each piece which rule decides. The first rule that matches does. */
  decide({ direction, protocol, ports, local, remote }: Question): Cell[] {
    let open: Block[] = [{ ports, sourcePorts, local, remote, perhaps: [] }];
    const cells: Cell[] = [];
    for (const ready of this.#rules[direction]) {
      if (open.length === 0) break;
      if (!speaks(ready.rule, protocol) || !ready.ports.intersects(ports)) continue;
      const next: Block[] = [];
      for (const block of open) cut(block, ready, next, cells);
      open = next;
    }
    return merged(cells);
  }
}

function portsOf(texts: readonly string[]): IntervalSet {
  return IntervalSet.union(texts.map((text) => portSet(text) ?? everyPort));
}

const numbers: Readonly<Record<string, Protocol>> = { "6": "Tcp", "17": "Udp" };

function speaks({ protocol }: SecurityRule, asked: Protocol): boolean {
  const word = protocol.toLowerCase();
  return (
    ["*", "all", "any", ""].includes(word) || (numbers[word] ?? word).toLowerCase() === asked.toLowerCase()
  );
}

/** Cuts a block by a rule. What the rule does not mean stays as whole as it can: a block that it misses is not cut at all. */
function cut(block: Block, ready: ReadyRule, open: Block[], cells: Cell[]): void {
  const remotes = divide(block.remote, ready.remote);
  const locals = remotes.every(isRest) ? [] : divide(block.local, ready.local);
  const [ports, otherPorts] = split(block.ports, ready.ports);
  const [from, otherFrom] = split(block.sourcePorts, ready.sourcePorts);
  if (locals.every(isRest) || ports.isEmpty || from.isEmpty) {
    open.push(block);
    return;
  }
  if (!otherPorts.isEmpty) open.push({ ...block, ports: otherPorts });
  if (!otherFrom.isEmpty) open.push({ ...block, ports, sourcePorts: otherFrom });
  for (const remote of remotes) {
    const there = { ...block, ports, sourcePorts: from, remote: remote.space };
    if (isRest(remote)) {
      open.push(there);
      continue;
    }
    for (const local of locals) {
      const piece = { ...there, local: local.space };
      const how = [local.how, remote.how];
      if (how.includes("rest")) open.push(piece);
      else if (how.includes("maybe")) open.push({ ...piece, perhaps: [...piece.perhaps, ready.rule] });
      else {
        cells.push(cellOf(how.includes("some") ? { ...piece, remote: block.remote } : piece, ready.rule));
        if (how.includes("some")) open.push(piece);
      }
    }
  }
}

function isRest({ how }: Part): boolean {
  return how === "rest";
}

function split(set: IntervalSet, by: IntervalSet): [inside: IntervalSet, outside: IntervalSet] {
  return [set.and(by), set.without(by)];
}

function cellOf({ ports, local, remote, perhaps }: Block, rule: SecurityRule): Cell {
  const others = perhaps.filter(({ access }) => access !== rule.access);
  const access = others.length === 0 ? rule.access : "unknown";
  return { access, rule, perhaps: others, ports, local, remote };
}

/** Cells of one rule that differ in their source ports alone are told once. */
function merged(cells: readonly Cell[]): Cell[] {
  const found = new Map<string, Cell>();
  for (const cell of cells) {
    const key = JSON.stringify([
      cell.access,
      cell.rule.name,
      cell.perhaps.map(({ name }) => name),
      cell.ports.intervals(),
      [cell.local, cell.remote].map((space) =>
        space.kind === "addresses" ? [space.set.intervals(), space.except] : space,
      ),
    ]);
    found.set(key, cell);
  }
  return [...found.values()];
}
