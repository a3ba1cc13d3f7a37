import { isIP } from "node:net";
import { dial, RedoubtError } from "@redoubt/client";
import type { Endpoint, Target } from "@redoubt/client/config";
import type { TypedReply } from "@redoubt/client/protocol";
import { toBytes } from "../line/bytes.ts";
import { errorText, plainText } from "../reply/text.ts";
import type { Plan } from "../target/plan.ts";
import { asError, Line } from "./line.ts";
import { redirectionFrom } from "./redirection.ts";
import { SessionState } from "./state.ts";

/** As often as the client's cluster follows. */
const mostRedirections = 16;

export interface SessionOptions {
  readonly plan: Plan;
  /** RESP version to ask for. */
  readonly protocol: 2 | 3;
  /** Whether RESP2 will do where the server has no RESP3. */
  readonly protocolIsWish: boolean;
  /** Whether to follow MOVED and ASK. */
  readonly cluster: boolean;
  readonly signal: AbortSignal;
  /** Takes pushes and messages that come between replies. */
  readonly onPush: (values: readonly TypedReply[], isMessage: boolean) => void;
  /** Told of every redirection that is followed. */
  readonly onRedirect?: (slot: number, endpoint: Endpoint) => void;
}

/** Whether this is a message of a channel. */
function isMessageOf(value: TypedReply): boolean {
  return Array.isArray(value) && value.length >= 3 && /^[ps]?message$/.test(plainText(value[0]) ?? "");
}

/** A conversation with a server: a line that is dialled anew when it has broken, with what it was in. */
export class Session {
  readonly state = new SessionState();
  /** The last line; null before the first. */
  line: Line | null = null;
  /** Whether the server wants a password that it has not been given. */
  wantsPassword = false;
  /** Whether what the connection is to be in waits for a login. */
  #isUnrestored = false;
  readonly #options: SessionOptions;
  #target: Target;
  /** Which of several endpoints answered, or what the Sentinels named. */
  #reached: Endpoint | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#target = options.plan.target;
    this.state.database = options.plan.target.database ?? 0;
    this.state.protocol = options.protocol;
  }

  /** Where the line leads, or the next one will. */
  get endpoint(): Endpoint {
    return this.#reached ?? (this.#target.endpoints[0] as Endpoint);
  }

  /** Who logs in; null for the user `default`. */
  get username(): string | null {
    return this.#target.username;
  }

  get isOpen(): boolean {
    return this.line !== null && this.line.ended === null;
  }

  /**
   * Dials, logs in, and puts the connection into what the last one was in.
   * @throws RedoubtError with the stage that failed
   */
  async connect(): Promise<Line> {
    this.line?.close();
    const { plan, signal } = this.#options;
    const { login } = this.state;
    const dialled = await dial(
      { ...this.#target, database: null },
      {
        ...plan.dial,
        signal,
        protocol: 2,
        loginLater: true,
        ...(login !== null && {
          credentials: { username: login.username, password: login.password.reveal() },
        }),
      },
    );
    const line = new Line(dialled);
    this.line = line;
    this.#reached = dialled.report.endpoint;
    this.wantsPassword = false;
    try {
      if (login === null && this.#target.password === null) await this.#greet(line);
      await this.#restore(line);
    } catch (error) {
      line.close();
      throw error;
    }
    return line;
  }

  /** The open line, dialled anew where there is none. */
  async open(): Promise<Line> {
    return this.isOpen ? (this.line as Line) : this.connect();
  }

  /** Leads to another server from now on. */
  move(host: string, port: number): void {
    this.line?.close();
    this.#target = this.#at({ host, port });
    this.#reached = null;
    this.state.broken();
  }

  /**
   * Sends a command and gives its reply; error replies are values. Pushes that come before it are told.
   * @param words byte text
   * @throws RedoubtError when there is no connection, or it ends before the reply
   */
  async ask(words: readonly string[]): Promise<TypedReply> {
    let asking = false;
    for (let times = 0; ; times++) {
      const line = await this.open();
      if (asking) await this.#expect(line, ["ASKING"]);
      line.send(words.map(toBytes));
      const reply = await this.reply();
      const redirection = this.#options.cluster ? redirectionFrom(reply, this.endpoint.host) : null;
      if (redirection === null) {
        this.state.note(words, reply);
        if (this.#isUnrestored && /^(auth|hello)$/i.test(words[0] ?? "") && errorText(reply) === null)
          await this.#restore(line);
        return reply;
      }
      if (times === mostRedirections)
        throw new RedoubtError("TOPOLOGY_REDIRECTIONS", `The command was redirected ${times} times`);
      const { slot, endpoint } = redirection;
      this.#options.onRedirect?.(slot, endpoint);
      asking = redirection.asking;
      this.move(endpoint.host, endpoint.port);
    }
  }

  /** Sends commands at once and gives their replies; redirections are replies like others. For questions of the shell's own. */
  async askAll(commands: readonly (readonly string[])[]): Promise<TypedReply[]> {
    const line = await this.open();
    line.send(...commands.map((words) => words.map(toBytes)));
    const replies: TypedReply[] = [];
    while (replies.length < commands.length) replies.push(await this.reply());
    return replies;
  }

  /** The next reply on the open line; pushes before it are told. */
  async reply(): Promise<TypedReply> {
    const line = this.line as Line;
    for (;;) {
      const { isPush, value } = await line.next(this.#options.signal);
      const isMessage = isMessageOf(value);
      // With RESP2 a subscriber's messages look like replies.
      if (!isPush && !(isMessage && this.state.subscriptions > 0)) return value;
      this.#options.onPush(value as readonly TypedReply[], isMessage);
    }
  }

  close(): void {
    this.line?.close();
  }

  /** Finds out whether a password is wanted where none was given. */
  async #greet(line: Line): Promise<void> {
    line.send([toBytes("PING")]);
    const { value } = await line.next(this.#options.signal);
    const failed = errorText(value);
    this.wantsPassword = failed !== null && asError(failed).code === "AUTH_REQUIRED";
  }

  async #restore(line: Line): Promise<void> {
    this.#isUnrestored = false;
    const { database, protocol } = this.state;
    if (protocol === 3) {
      try {
        await this.#expect(line, ["HELLO", "3"]);
      } catch (error) {
        if (!this.#options.protocolIsWish || line.ended !== null) throw error;
        this.state.protocol = 2;
      }
    }
    if (database !== 0) await this.#expect(line, ["SELECT", String(database)]);
  }

  async #expect(line: Line, words: readonly string[]): Promise<void> {
    line.send(words.map(toBytes));
    let arrival = await line.next(this.#options.signal);
    while (arrival.isPush) arrival = await line.next(this.#options.signal);
    const failed = errorText(arrival.value);
    if (failed === null) return;
    const error = asError(failed);
    // Whoever has to log in yet does so by a command; the rest follows then.
    if (error.code === "AUTH_REQUIRED") this.wantsPassword = this.#isUnrestored = true;
    else
      throw new RedoubtError(error.code, `${words[0]} failed: ${error.message}`, { address: line.address });
  }

  #at(endpoint: Endpoint): Target {
    const { target } = this.#options.plan;
    const { tls } = target;
    // A node under a name of its own proves that name; one that is named by address proves the name that was given.
    const servername = isIP(endpoint.host) === 0 ? endpoint.host : (tls.servername ?? this.#seed);
    return { ...target, endpoints: [endpoint], sentinel: null, tls: { ...tls, servername } };
  }

  get #seed(): string | null {
    const host = this.#options.plan.target.endpoints[0]?.host ?? "";
    return isIP(host) === 0 && host !== "" ? host : null;
  }
}
