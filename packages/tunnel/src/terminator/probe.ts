import { RedoubtError } from "@redoubt/client";
import type { Endpoint, Target } from "@redoubt/client/config";
import { dialEndpoint } from "@redoubt/client/net";
import type { TlsOptions } from "@redoubt/client/tls";
import { writeV1 } from "../bytes/proxy/v1.ts";
import { writeV2 } from "../bytes/proxy/v2.ts";
import { openCarrier } from "../upstream/carrier.ts";
import { type Asked, ask } from "./question.ts";

/** What a check is to find. */
export interface ProbeOptions {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly tls?: TlsOptions;
  readonly role: "master" | "any";
  /** Whether the backend wants a PROXY header in front; then nobody is logged in, and any answer of Redis is a good one. */
  readonly sendProxy: 1 | 2 | null;
  /** ms */
  readonly timeout: number;
}

/** A backend's answers, over a connection that stays open between checks. */
export class Probe {
  readonly #options: ProbeOptions;
  #asked: Asked | null = null;
  #loggedIn = false;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /**
   * Asks once.
   * @throws RedoubtError that says why the backend cannot be used
   */
  async check(): Promise<void> {
    try {
      this.#asked ??= await this.#open();
      // It answered, and wants a login that we were not given: that is a server that lives.
      if (this.#asked === null) return;
      const { role, timeout } = this.#options;
      judge(await ask(this.#asked, role === "master" ? ["INFO", "replication"] : ["PING"], timeout), role);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * What the server's `timeout` says, ms; null when it does not tell.
   */
  async redisTimeout(): Promise<number | null> {
    if (this.#asked === null || !this.#loggedIn) return null;
    const reply = await ask(this.#asked, ["CONFIG", "GET", "timeout"], this.#options.timeout).catch(() => "");
    const seconds = /\r\ntimeout\r\n\$\d+\r\n(\d+)\r\n/.exec(reply)?.[1];
    return seconds === undefined ? null : Number(seconds) * 1000;
  }

  close(): void {
    if (this.#asked !== null)
      ("wire" in this.#asked ? this.#asked.wire.socket : this.#asked.socket).destroy();
    this.#asked = null;
  }

  async #open(): Promise<Asked | null> {
    const { target, endpoint, tls, sendProxy, timeout, role } = this.#options;
    const options = { connectTimeout: timeout, ...(tls !== undefined && { tls }) };
    if (sendProxy !== null) {
      const header = sendProxy === 1 ? writeV1(null, null) : writeV2(null, null);
      const socket = await openCarrier({ ...options, target, endpoint, header });
      return { socket: socket.on("error", () => {}) };
    }
    try {
      const { wire } = await dialEndpoint(target, endpoint, options);
      wire.socket.on("error", () => {});
      this.#loggedIn = true;
      return { wire };
    } catch (error) {
      const unknown =
        error instanceof RedoubtError && error.code === "AUTH_REQUIRED" && target.password === null;
      if (unknown && role === "any") return null;
      throw error;
    }
  }
}

function judge(reply: string, role: "master" | "any"): void {
  const said = reply.slice(1, reply.indexOf("\r\n"));
  if (reply.startsWith("-") && !/^(?:NOAUTH|NOPERM) /.test(said))
    throw new RedoubtError("REPLY_ERROR", `it answers ${said}`);
  if (role === "any" || /(?:^|\n)role:master\r/.test(reply)) return;
  const found = /(?:^|\n)role:(\w+)\r/.exec(reply)?.[1];
  throw new RedoubtError(
    "TOPOLOGY_WRONG_ROLE",
    found === undefined
      ? `its role is not told (${said})`
      : `it is a ${found === "slave" ? "replica" : found}`,
  );
}
