import { Buffer } from "node:buffer";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import type { LogLine, LogOptions, LogPage } from "../contract/log.ts";
import { type FoundLine, type Place, UnitLog } from "./line-file.ts";
import { unitsOf } from "./log-file.ts";
import { parseLine } from "./log-line.ts";

/** Where reading stands in the log of each unit. */
type Places = Readonly<Record<string, Place>>;

/** What is read of a unit, with the time by which it is put among the others. */
interface TimedLine extends FoundLine {
  readonly unit: string;
  readonly time: number;
  readonly message: string;
}

/** Options of {@link readLogs}. */
export interface ReadOptions extends LogOptions {
  /** Only of these units. Default: all. */
  readonly units?: readonly string[];
  /** Applied to every message: puts stars in the place of secrets. */
  readonly mask?: (message: string) => string;
}

/**
 * Reads the logs of a service, those of all units together, by time.
 *
 * `desc` gives the newest first, and the offset of such a page leads to older ones. `asc` gives the newest lines, too, the oldest of
 * them first, and the offset of such a page leads to lines that are written after it: ask again with it to follow a log.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for an offset that no page gave, or a limit below 1
 */
export async function readLogs(folder: string, options: ReadOptions = {}): Promise<LogPage> {
  const { limit = 100, offset, order = "desc", mask = (message) => message } = options;
  if (!Number.isInteger(limit) || limit < 1)
    throw new RedoubtError("CONFIG_INVALID_VALUE", `limit is ${limit}, not a whole number from 1`);
  const places = offset === undefined ? {} : readOffset(offset);
  const units = await unitsOf(folder);
  const wanted = options.units === undefined ? units : units.filter((unit) => options.units?.includes(unit));
  const forward = order === "asc" && offset !== undefined;
  const found: TimedLine[] = [];
  const ends: Record<string, Place> = { ...places };
  for (const unit of wanted) {
    await using log = await UnitLog.open(folder, unit);
    const place = places[unit] ?? null;
    const lines = await (forward ? log.forward(place, limit) : log.backward(place, limit));
    found.push(...timed(unit, forward ? lines : lines.toReversed()));
    // What is written after this page belongs to none of the older ones.
    const end = forward || (order === "desc" && place !== null) ? null : await log.end();
    if (end !== null) ends[unit] = end;
  }
  // Sorting is stable: lines of one unit keep their order.
  found.sort((a, b) => a.time - b.time);
  const taken = forward ? found.slice(0, limit) : found.slice(-limit);
  if (forward) for (const { unit, file, end } of taken) ends[unit] = { file, at: end };
  if (order === "desc")
    for (const { unit, file, start } of taken.toReversed()) ends[unit] = { file, at: start };
  const lines = taken.map((line) => shown(line, mask));
  return { lines: order === "desc" ? lines.reverse() : lines, offset: writeOffset(ends) };
}

/** Options of {@link followLogs}. */
export interface FollowOptions extends Omit<ReadOptions, "order"> {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Time between two looks, ms. Default 250. */
  readonly every?: number;
}

/** The newest lines, and then each line as it is written, rotation or not. Ends when the signal is aborted. */
export async function* followLogs(
  folder: string,
  options: FollowOptions,
): AsyncGenerator<LogLine, void, undefined> {
  const { signal, every = 250, ...rest } = options;
  let offset = options.offset;
  while (!signal.aborted) {
    const page = await readLogs(folder, { ...rest, order: "asc", ...(offset !== undefined && { offset }) });
    offset = page.offset;
    yield* page.lines;
    if (page.lines.length === 0) await delay(every, undefined, { signal }).catch(() => {});
  }
}

/** Lines without a time belong to the line before them. Times never go back within a unit, so that its lines stay in order. */
function timed(unit: string, lines: readonly FoundLine[]): TimedLine[] {
  const parsed = lines.map((line) => ({ ...line, ...parseLine(line.text) }));
  let last = parsed.find(({ time }) => time !== null)?.time ?? 0;
  return parsed.map((line) => {
    last = Math.max(last, line.time ?? last);
    return { ...line, unit, time: last };
  });
}

function shown({ time, unit, message }: TimedLine, mask: (message: string) => string): LogLine {
  return { time: new Date(time).toISOString(), hostname: hostname(), unit, message: mask(message) };
}

const writeOffset = (places: Places): string => Buffer.from(JSON.stringify(places)).toString("base64url");

function readOffset(offset: string): Places {
  try {
    const places = JSON.parse(Buffer.from(offset, "base64url").toString()) as Record<string, unknown>;
    const entries = Object.entries(places).map(([unit, place]) => {
      const { file, at } = place as Place;
      if (!Number.isSafeInteger(file) || !Number.isSafeInteger(at) || at < 0) throw new Error("no place");
      return [unit, { file, at }] as const;
    });
    return Object.fromEntries(entries);
  } catch {
    throw new RedoubtError("CONFIG_INVALID_VALUE", "The offset is none that a page of a log gave", {
      hint: "Give the offset of an earlier page as it was, or none.",
    });
  }
}
