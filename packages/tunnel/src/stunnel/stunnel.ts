import type { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import { Connection } from "./connection.ts";
import { type Listening, listen } from "./listening.ts";
import { Log, type LogSink } from "./log.ts";
import { makeReady, type ReadyService } from "./ready-service.ts";
import { type Configuration, resolve } from "./resolve.ts";
import { ServerSide } from "./server-side.ts";
import type { ProcessSettings, Service } from "./service.ts";
import { parseSource, type StunnelSource } from "./source.ts";
import { Suspicion } from "./suspicion.ts";
import { endpointText } from "./values/address.ts";

/** How long workers that are to drain refuse before they close their listeners, ms. */
const refusing = 100;

/** What surrounds a tunnel made of a `stunnel.conf`. */
export interface StunnelOptions {
  /** Takes every line of the log, besides what the configuration says. Default: nobody. */
  readonly log?: LogSink;
  /** Whether the file of `output` is written on even where the configuration overwrites it. Default false. */
  readonly append?: boolean;
  /** Where several processes share the work. Default: this one does it alone. */
  readonly share?: StunnelShare;
}

/** The part of one process of several. */
export interface StunnelShare {
  /** From 0. Only the first one logs what all of them do. */
  readonly index: number;
  readonly of: number;
  /** 48 bytes that all of them encrypt session tickets with. */
  readonly ticketKeys: Buffer;
}

/** An address that is listened on. */
export interface StunnelListener {
  readonly service: string;
  /** `127.0.0.1:6379`, with the port that was chosen where 0 was asked for, or the path of a Unix socket. */
  readonly address: string;
}

/** A tunnel made of a `stunnel.conf`. */
export class Stunnel {
  readonly #source: StunnelSource;
  readonly #share: StunnelShare | null;
  readonly #log: Log;
  readonly #end = new AbortController();
  readonly #suspicion = new Suspicion(this.#end.signal);
  readonly #connections = new Set<Connection>();
  #configuration: Configuration;
  #listening = new Map<string, Listening[]>();
  #names = new Map<string, string>();
  #count = 0;
  #idle: (() => void) | null = null;

  private constructor(
    source: StunnelSource,
    configuration: Configuration,
    log: Log,
    share: StunnelShare | null,
  ) {
    this.#source = source;
    this.#share = share;
    this.#configuration = configuration;
    this.#log = log;
    // Each connection listens; Node would take more than ten for a leak, and say so.
    setMaxListeners(0, this.#end.signal);
  }

  /**
   * Reads the configuration and opens its listeners; not a part of them: all, or an error.
   * @throws RedoubtError `CONFIG_*` with `FILE:LINE: "TEXT"` in front, `TCP_ADDRESS_IN_USE`, `TCP_FAILED`, `DNS_NOT_FOUND`
   */
  static async start(source: StunnelSource, options: StunnelOptions = {}): Promise<Stunnel> {
    const { share = null } = options;
    const log = new Log(options.log ?? null, { appends: options.append === true || share !== null });
    const configuration = read(source);
    log.configure(configuration.process);
    const tunnel = new Stunnel(source, configuration, log, share);
    try {
      await tunnel.#deploy(configuration);
    } catch (error) {
      log.close();
      throw error;
    }
    return tunnel;
  }

  /** What the configuration says of the process; whoever runs one sees to it. */
  get process(): ProcessSettings {
    return this.#configuration.process;
  }

  get listeners(): StunnelListener[] {
    return [...this.#listening].flatMap(([key, all]) =>
      all.map(({ text }) => ({ service: this.#names.get(key) ?? "", address: text })),
    );
  }

  /** How many connections are open. */
  get open(): number {
    return this.#connections.size;
  }

  /** A line for each open connection. */
  get connections(): string[] {
    return [...this.#connections].map(({ text }) => text);
  }

  /**
   * Reads the configuration again. Open connections go on; an address that is still listened on is not closed in between.
   * @returns what is wrong, and then everything stays as it was; null when the new one is in force
   */
  async reload(): Promise<RedoubtError | null> {
    const ui = this.#log.for("ui", this.process.debug);
    try {
      const configuration = read(this.#source);
      await this.#deploy(configuration);
      this.#log.configure(configuration.process);
      this.#configuration = configuration;
      return null;
    } catch (error) {
      if (!(error instanceof RedoubtError)) throw error;
      ui(3, error.message);
      ui(3, error.hint);
      ui(3, "Configuration failed");
      ui(3, "Failed to reload the configuration file");
      this.#log.muted = false;
      return error;
    }
  }

  /** Opens the log anew, after its file was moved away. */
  reopenLog(): void {
    this.#log.reopen();
  }

  /**
   * Closes the listeners and ends.
   * @param drain how long open connections may go on, ms. Default 0
   */
  async stop(drain = 0): Promise<void> {
    const all = [...this.#listening.values()].flat();
    // A connection that Node hands to a worker at the moment when the last one closes its listener is lost in the first process,
    // open and served by nobody: first everybody refuses, and then closes.
    if (this.#share !== null && drain > 0) {
      for (const each of all) each.serve = (socket) => void socket.destroy();
      await sleep(refusing);
    }
    for (const { server } of all) server.close();
    this.#listening.clear();
    if (drain > 0) await this.#emptied(drain);
    this.#end.abort();
    await this.#emptied(2000);
    this.#log.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #emptied(limit: number): Promise<void> {
    if (this.open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limit);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Everything that can fail comes first; only then what is in force is exchanged. */
  async #deploy(configuration: Configuration): Promise<void> {
    const { services } = configuration;
    this.#log.muted = this.#share !== null && this.#share.index > 0;
    const ui = this.#log.for("ui", configuration.process.debug);
    for (const file of configuration.files) ui(5, `Reading configuration from file ${file}`);
    const ready: ReadyService[] = [];
    for (const service of services) ready.push(await makeReady(service, this.#log));
    const next = new Map<string, Listening[]>();
    const serving: [listening: Listening[], serve: (socket: Socket) => void][] = [];
    const opened: Listening[] = [];
    const names = new Map<string, string>();
    try {
      for (const each of ready) {
        const serve = this.#serverOf(each, ready);
        for (const [index, accept] of each.service.accept.entries()) {
          const key = keyOf(each.service, index);
          const kept = this.#listening.get(key);
          const listening = kept ?? (await listen(accept, each.service));
          if (kept === undefined) opened.push(...listening);
          next.set(key, listening);
          names.set(key, each.service.name);
          serving.push([listening, serve]);
        }
      }
    } catch (error) {
      for (const { server } of opened) server.close();
      throw error;
    }
    for (const [listening, serve] of serving) for (const each of listening) each.serve = serve;
    for (const [key, listening] of this.#listening)
      if (!next.has(key)) for (const { server } of listening) server.close();
    this.#listening = next;
    this.#names = names;
    ui(5, "Configuration successful");
    for (const { service, address } of this.listeners) ui(6, `Service [${service}] bound to ${address}`);
    this.#log.muted = false;
  }

  #serverOf(ready: ReadyService, all: readonly ReadyService[]): (socket: Socket) => void {
    const { service } = ready;
    const named = all.filter((other) =>
      other.service.answersFor.some(({ primary }) => primary.toLowerCase() === service.name.toLowerCase()),
    );
    const serverSide = service.client ? null : new ServerSide(ready, named, this.#share?.ticketKeys);
    return (socket) => {
      const id = this.#newId(service);
      const connection = new Connection(ready, socket, {
        id,
        log: this.#log.for(id, service.debug),
        signal: this.#end.signal,
        suspicion: this.#suspicion,
      });
      this.#connections.add(connection);
      void connection.run(serverSide).finally(() => {
        this.#connections.delete(connection);
        if (this.open === 0) this.#idle?.();
      });
    };
  }

  #newId({ connectionId }: Service): string {
    const { index, of } = this.#share ?? { index: 0, of: 1 };
    const number = this.#count++ * of + index;
    if (connectionId === "sequential") return String(number);
    return connectionId === "unique" ? randomBytes(12).toString("base64url") : String(process.pid);
  }
}

/**
 * Reads and checks a configuration without starting anything.
 * @throws RedoubtError the first problem
 */
function read(source: StunnelSource): Configuration {
  const { configuration, problems } = resolve(parseSource(source));
  const [first] = problems;
  if (first !== undefined) throw first;
  return configuration;
}

/** Tells listeners apart over a reload. A port that the system chooses belongs to its section. */
function keyOf({ name, accept }: Service, index: number): string {
  const endpoint = accept[index]?.endpoint;
  if (endpoint === undefined) return "";
  return "port" in endpoint && endpoint.port === 0 ? `${name} ${index}` : endpointText(endpoint);
}
