import { mkdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import { ControlConnection } from "@redoubt/server";
import { formatConfig } from "@redoubt/server/launch";
import type { NodeHandle } from "../contract/node-handle.ts";
import { type Disk, readIfThere } from "../state/disk.ts";
import { stillRuns } from "../state/identity.ts";
import type { NodeRecord } from "../state/record.ts";
import { aclFile, type RuleGround } from "../users/rules.ts";
import {
  type ConfigurationGround,
  firstLines,
  keptLines,
  type NodeFiles,
  nodeDirectives,
  nodeFiles,
  watchDirectives,
} from "./configuration.ts";
import { endProcess, fromPidFile, type KnownProcess, startDetached } from "./process.ts";

/** How long a server may take to serve, ms: it may have much data to read. */
const startLimit = 120_000;
/** How long it may take to end by itself, ms: it writes a last snapshot. */
const stopGrace = 60_000;
/** Between two looks at a server that starts, ms. */
const glance = 15;
/** Between two looks whether it still runs, ms. */
const watchEvery = 500;

/** What a server is kept with; looked up anew whenever it is needed, because it changes. */
export interface NodeGround {
  readonly configuration: ConfigurationGround;
  readonly rules: RuleGround;
  /** Path of the server program. */
  readonly program: string;
  readonly disk: Disk;
}

/** A redis-server, valkey-server or Sentinel that outlives the keeper. */
export class Node implements NodeHandle {
  readonly record: NodeRecord;
  readonly #ground: () => NodeGround;
  readonly #ended: (node: Node) => void;
  #process: KnownProcess | null = null;
  #watching: NodeJS.Timeout | undefined;
  #wanted = false;

  /** @param ended hears that it has ended though nobody stopped it */
  constructor(record: NodeRecord, ground: () => NodeGround, ended: (node: Node) => void) {
    this.record = record;
    this.#ground = ground;
    this.#ended = ended;
  }

  get name(): string {
    return this.record.name;
  }

  get kind(): "data" | "sentinel" {
    return this.record.kind;
  }

  get port(): number {
    return this.record.port;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get files(): NodeFiles {
    return nodeFiles(this.#ground().configuration.places, this.record);
  }

  get folder(): string {
    return this.files.folder;
  }

  get dataFolder(): string {
    return this.files.data;
  }

  get socket(): string {
    return this.files.socket;
  }

  control(): Promise<ControlConnection> {
    const { operator } = this.#ground().configuration.record;
    // A Sentinel has no users of its own, only a password.
    const username = this.kind === "data" ? operator.username : "default";
    return ControlConnection.open({
      host: "localhost",
      port: 0,
      path: this.files.socket,
      username,
      password: operator.password,
    });
  }

  /** Sends one command over a line of its own. @throws Error with the server's words */
  async command(...args: readonly string[]): ReturnType<ControlConnection["call"]> {
    using control = await this.control();
    return await control.call(...args);
  }

  /** Takes up the server if it runs, else starts it. Resolves when it serves. @throws RedoubtError `SERVICE_FAILED` */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#process ??= await this.#found();
    if (this.#process === null) await this.#launch();
    await this.#ready();
    this.#watch();
  }

  /** Whether it runs already, started by somebody before. */
  async adopt(): Promise<boolean> {
    this.#process ??= await this.#found();
    return this.#process !== null;
  }

  /** @param grace how long it may take to end by itself, ms */
  async stop(grace = stopGrace): Promise<void> {
    this.#wanted = false;
    clearInterval(this.#watching);
    const running = this.#process ?? (await this.#found());
    if (running !== null) await endProcess(running, grace);
    this.#process = null;
  }

  /** Stops looking after it and leaves it running. */
  leave(): void {
    this.#wanted = false;
    clearInterval(this.#watching);
  }

  /** Writes its files as they should be, without telling it. */
  async write(): Promise<void> {
    const { configuration, rules, disk } = this.#ground();
    const { record } = this;
    const before = keptLines(record, await readIfThere(this.files.config));
    const lines =
      before.length > 0 ? before : formatConfig(firstLines(configuration, record)).trim().split("\n");
    const watched =
      record.kind === "sentinel" ? formatConfig(watchDirectives(configuration)).trim().split("\n") : [];
    // The line that names the service must come before all that is said about it.
    lines.sort((a, b) => Number(b.startsWith("sentinel monitor")) - Number(a.startsWith("sentinel monitor")));
    await disk.write(
      this.files.config,
      formatConfig(nodeDirectives(configuration, record), [...lines, ...watched].filter(Boolean)),
    );
    if (record.kind === "data") await disk.write(this.files.acl, aclFile(configuration.record, rules));
  }

  async #found(): Promise<KnownProcess | null> {
    return fromPidFile(this.files.pid, this.files.config);
  }

  async #launch(): Promise<void> {
    const { files } = this;
    await mkdir(files.data, { recursive: true, mode: 0o700 });
    await this.write();
    const args = [files.config, ...(this.kind === "sentinel" ? ["--sentinel"] : [])];
    try {
      this.#process = await startDetached(this.#ground().program, args, files.folder, files.words);
    } catch (error) {
      throw new RedoubtError("SERVICE_FAILED", `${this.name} could not be run: ${(error as Error).message}`);
    }
    if (this.#process === null) throw await this.#failure("ended at once");
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + startLimit;
    for (;;) {
      const problem = await this.command("PING").then(
        () => null,
        (error: unknown) => (error as Error).message,
      );
      if (problem === null) return;
      const running = this.#process;
      if (running === null || !(await stillRuns(running.pid, running.identity))) {
        this.#process = null;
        throw await this.#failure("ended while it started");
      }
      if (performance.now() > deadline)
        throw new RedoubtError(
          "SERVICE_FAILED",
          `${this.name} did not serve within ${startLimit} ms: ${problem}`,
        );
      await delay(glance);
    }
  }

  #watch(): void {
    clearInterval(this.#watching);
    let looking = false;
    this.#watching = setInterval(() => {
      const running = this.#process;
      if (looking || running === null) return;
      looking = true;
      void stillRuns(running.pid, running.identity)
        .then((runs) => {
          if (runs || !this.#wanted || this.#process !== running) return;
          clearInterval(this.#watching);
          this.#process = null;
          this.#ended(this);
        })
        .finally(() => {
          looking = false;
        });
    }, watchEvery);
  }

  async #failure(how: string): Promise<RedoubtError> {
    const said = await readFile(this.files.words, "utf8").catch(() => "");
    const logged = await readFile(this.files.log, "utf8").catch(() => "");
    const last = [...said.trim().split("\n"), ...logged.trim().split("\n").slice(-40)];
    // Servers mark what is wrong with a hash.
    const why = last
      .filter((line) => /(?:fatal|error|fail|address already|bad|unknown|can't|cannot)/i.test(line))
      .at(-1);
    return new RedoubtError(
      "SERVICE_FAILED",
      `${this.name} ${how}${why === undefined ? "" : `: ${masked(why, this.#secrets())}`} (log: ${this.files.log})`,
    );
  }

  #secrets(): string[] {
    const { operator, users } = this.#ground().configuration.record;
    return [operator.password, ...users.map(({ password }) => password)];
  }
}

const masked = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((line, secret) => (secret === "" ? line : line.replaceAll(secret, "*****")), text);
