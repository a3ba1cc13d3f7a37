import { createHash } from "node:crypto";
import { join } from "node:path";
import type { NodeHandle } from "../contract/node-handle.ts";
import { readIfThere } from "../state/disk.ts";
import type { SimulationHost } from "./host.ts";

/** A token that the service takes, by its SHA-256 in lower-case hexadecimal. */
interface KnownToken {
  readonly hash: string;
  /** ms since 1970 */
  readonly expiresAt: number;
}

/** How often it is looked whether a node was started again and has forgotten the user, ms. */
const lookEvery = 500;
/** How long a token is remembered after its end, ms: a server may take it a moment longer. */
const rememberedFor = 60_000;
/** How long it may take to tell somebody that he is refused, ms. */
const lastWords = 250;
/** The longest time that a timer holds, ms. */
const longestTimer = 0x7fffffff;

/**
 * Makes the service take tokens as passwords of a user: the hash of each is one of its passwords until the token ends. Servers tell
 * nobody with which password a connection has logged in; who must go when one ends, the door knows by {@link TokenUser.staysUntil}.
 */
export class TokenUser {
  readonly #host: SimulationHost;
  readonly #name: string;
  readonly #file: string;
  #tokens: readonly KnownToken[] = [];
  #ending: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  /** The process of each node that has been told of all tokens. */
  readonly #told = new Map<string, number | null>();
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(host: SimulationHost, folder: string, name: string) {
    this.#host = host;
    this.#name = name;
    this.#file = join(folder, "tokens.json");
  }

  /** Takes up the tokens that were issued before and have not ended. @param folder exists, 0700 */
  static async open(host: SimulationHost, folder: string, name: string): Promise<TokenUser> {
    const user = new TokenUser(host, folder, name);
    const text = await readIfThere(user.#file);
    user.#tokens = text === null ? [] : (JSON.parse(text) as KnownToken[]);
    await user.#queue(() => user.#tellAll());
    user.#arm();
    user.#looking = setInterval(() => void user.#queue(() => user.#tellForgetful()), lookEvery);
    return user;
  }

  /** Takes a token from now on. Resolves when every node that runs does. @param expiresAt ms since 1970 */
  async accept(token: string, expiresAt: number): Promise<void> {
    await this.#queue(async () => {
      this.#tokens = [
        ...endingAfter(this.#tokens, Date.now() - rememberedFor),
        { hash: hashOf(token), expiresAt },
      ];
      await this.#host.disk.write(this.#file, JSON.stringify(this.#tokens));
      await this.#tellAll();
    });
    this.#arm();
  }

  /**
   * See `TerminatorOptions.staysUntil`. Logins of other users, and with tokens that nobody knows, change nothing. Who comes with one
   * that has ended stays just long enough to read that it is refused.
   */
  readonly staysUntil = (login: {
    readonly username: string;
    readonly password: string;
  }): number | undefined => {
    if (login.username !== this.#name) return undefined;
    const hash = hashOf(login.password);
    const known = this.#tokens.find((token) => token.hash === hash);
    return known === undefined ? undefined : Math.max(known.expiresAt, Date.now() + lastWords);
  };

  /** Removes the user: its connections end. Tokens that have not ended are taken again when it is opened again. */
  async close(): Promise<void> {
    clearInterval(this.#looking);
    clearTimeout(this.#ending);
    await this.#queue(async () => {
      this.#closed = true;
      for (const node of this.#host.context.nodes)
        await tell(node, ["ACL", "DELUSER", this.#name]).catch(() => {});
    });
  }

  /** One after the other: two that tell a node the state of the user must not overtake each other. */
  #queue(work: () => Promise<void>): Promise<void> {
    const done = this.#working.then(() => (this.#closed ? undefined : work()));
    this.#working = done.catch(() => {});
    return done;
  }

  /** What a node knows must go in time, too: it would let a token in that has ended. */
  #arm(): void {
    clearTimeout(this.#ending);
    const next = Math.min(...endingAfter(this.#tokens, Date.now()).map(({ expiresAt }) => expiresAt));
    if (!Number.isFinite(next)) return;
    this.#ending = setTimeout(
      () => {
        void this.#queue(() => this.#tellAll());
        void this.#working.then(() => this.#closed || this.#arm());
      },
      Math.min(longestTimer, Math.max(1, next - Date.now())),
    );
  }

  async #tellAll(): Promise<void> {
    await Promise.all(this.#host.context.nodes.map((node) => this.#tell(node)));
  }

  async #tellForgetful(): Promise<void> {
    for (const node of this.#host.context.nodes)
      if (this.#told.get(node.name) !== node.pid) await this.#tell(node);
  }

  async #tell(node: NodeHandle): Promise<void> {
    const { pid } = node;
    if (pid === null) return;
    const passwords = endingAfter(this.#tokens, Date.now()).map(({ hash }) => `#${hash}`);
    try {
      await tell(node, [
        "ACL",
        "SETUSER",
        this.#name,
        "reset",
        "on",
        ...passwords,
        ...this.#host.userRules(),
      ]);
      this.#told.set(node.name, pid);
    } catch (error) {
      // It will be told when it is back.
      this.#told.delete(node.name);
      this.#host.context.say(`${node.name} could not be told of tokens: ${(error as Error).message}`);
    }
  }
}

async function tell(node: NodeHandle, command: readonly string[]): Promise<void> {
  using control = await node.control();
  await control.call(...command);
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

const endingAfter = (tokens: readonly KnownToken[], time: number): KnownToken[] =>
  tokens.filter(({ expiresAt }) => expiresAt > time);
