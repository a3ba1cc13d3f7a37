import { RedoubtError } from "@redoubt/client";
import type { Endpoint, Target } from "@redoubt/client/config";
import { dialEndpoint, type Wire } from "@redoubt/client/net";
import type { TlsOptions } from "@redoubt/client/tls";
import { writeV1 } from "../bytes/proxy/v1.ts";
import { writeV2 } from "../bytes/proxy/v2.ts";
import { ask } from "./question.ts";

/** What a check is to find. */
export interface ProbeOptions {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly tls?: TlsOptions;
  readonly role: "master" | "any";
  /** Whether the backend wants a PROXY header in front. */
  readonly sendProxy: 1 | 2 | null;
  /** ms */
  readonly timeout: number;
}

/** A backend's answers, over a connection that stays open between checks. */
export class Probe {
  readonly #options: ProbeOptions;
  #wire: Wire | null = null;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /**
   * Asks once.
   * @throws RedoubtError that says why the backend cannot be used
   */
  async check(): Promise<void> {
    try {
      this.#wire ??= await this.#open();
      // It answered, and wants a login that we were not given: that is a server that lives.
      if (this.#wire === null) return;
      const { role, timeout } = this.#options;
      judge(await ask(this.#wire, role === "master" ? ["INFO", "replication"] : ["PING"], timeout), role);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * What the server's `timeout` says, ms; null when it does not tell.
   */
  async redisTimeout(): Promise<number | null> {
    if (this.#wire === null) return null;
    const reply = await ask(this.#wire, ["CONFIG", "GET", "timeout"], this.#options.timeout).catch(() => "");
    const seconds = /\r\ntimeout\r\n\$\d+\r\n(\d+)\r\n/.exec(reply)?.[1];
    return seconds === undefined ? null : Number(seconds) * 1000;
  }

  close(): void {
    this.#wire?.socket.destroy();
    this.#wire = null;
  }

  async #open(): Promise<Wire | null> {
    const { target, endpoint, tls, sendProxy, timeout, role } = this.#options;
    const options = { connectTimeout: timeout, ...(tls !== undefined && { tls }) };
    const header = sendProxy === null ? null : sendProxy === 1 ? writeV1(null, null) : writeV2(null, null);
    try {
      const { wire } = await dialEndpoint(target, endpoint, { ...options, header });
      wire.socket.on("error", () => {});
      return wire;
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
