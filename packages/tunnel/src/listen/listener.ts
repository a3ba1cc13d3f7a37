import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { RedoubtError } from "@redoubt/client";
import type { ClientTls } from "./accepted.ts";
import {
  type ListenAddress,
  listenOptions,
  listenText,
  parseListenAddress,
  refuseExposed,
} from "./address.ts";
import { Admission } from "./admission.ts";
import { goodbye } from "./goodbye.ts";
import { listenError } from "./listen-error.ts";
import type { ListenerOptions } from "./listener-options.ts";
import { answerToMistake } from "./mistake.ts";
import { endText, localEnd, type Peer, remoteEnd } from "./peer.ts";
import { type Prelude, readPrelude } from "./prelude.ts";
import { SecureSide } from "./secure.ts";
import { protect, removeStale } from "./socket-file.ts";
import { TrustedSources } from "./sources.ts";
import type { ListenerWatcher, RefusedReason } from "./watcher.ts";

const defaultHandshakeLimit = 10_000;

/**
 * Accepts connections and hands over those that may come in: past limits, PROXY protocol, TLS handshake and first byte.
 *
 * @example
 * const listener = await Listener.open({ at: "127.0.0.1:6379", serve: ({ socket }) => relay(socket) });
 */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #admission: Admission;
  readonly #secure: SecureSide | null;
  readonly #sources: TrustedSources | null;
  readonly #clients: TrustedSources | null;
  readonly #watcher: ListenerWatcher;
  readonly #handshakeLimit: number;
  readonly #sockets = new Set<Socket>();
  #address: ListenAddress;
  #count = 0;

  private constructor(options: ListenerOptions, address: ListenAddress, secure: SecureSide | null) {
    this.#options = options;
    this.#address = address;
    this.#secure = secure;
    this.#sources = options.proxyFrom === undefined ? null : new TrustedSources(options.proxyFrom);
    this.#clients = options.clientsFrom === undefined ? null : new TrustedSources(options.clientsFrom);
    this.#watcher = options.watcher ?? {};
    this.#handshakeLimit = options.handshakeLimit ?? defaultHandshakeLimit;
    this.#admission = new Admission(options.limits ?? {}, performance.now());
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  /**
   * Opens it.
   * @throws RedoubtError `CONFIG_EXPOSED`, `CONFIG_INVALID_VALUE`, `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`, `TCP_ADDRESS_IN_USE`,
   *   `TCP_FAILED`
   */
  static async open(options: ListenerOptions): Promise<Listener> {
    const address = typeof options.at === "string" ? parseListenAddress(options.at) : options.at;
    refuseExposed(address, options.exposed === true);
    const secure =
      options.tls === undefined
        ? null
        : await SecureSide.make(options.tls, {
            handshakeLimit: options.handshakeLimit ?? defaultHandshakeLimit,
            told: (report) => options.watcher?.reloaded?.(report),
          });
    const listener = new Listener(options, address, secure);
    try {
      await listener.#listen().catch(async (error: RedoubtError) => {
        const left =
          error.code === "TCP_ADDRESS_IN_USE" && "path" in address && (await removeStale(address.path));
        if (!left) throw error;
        await listener.#listen();
      });
      if ("path" in address && !address.path.startsWith("@")) await protect(address.path, options.mode);
    } catch (error) {
      await listener.close();
      throw error;
    }
    return listener;
  }

  /** Where it listens, with the port that was chosen where 0 was asked for. */
  get address(): ListenAddress {
    return this.#address;
  }

  /** `127.0.0.1:6379` or the path. */
  get text(): string {
    return listenText(this.#address);
  }

  /** Connections that are open, those in their handshake included. */
  get open(): number {
    return this.#admission.open;
  }

  /** When the certificate expires that is shown first; null without TLS. */
  get certificateExpires(): Date | null {
    return this.#secure?.expires ?? null;
  }

  /** Reads certificates again. What is wrong is returned, and the old ones stay in force. */
  async reload(): Promise<RedoubtError | null> {
    return (await this.#secure?.reload()) ?? null;
  }

  /** Takes no more connections. Those that are open go on. */
  async close(): Promise<void> {
    this.#secure?.close();
    if (!this.#server.listening) return;
    // Its callback waits for all connections; that the port is free is known at once.
    this.#server.close();
  }

  /** Ends what is still open. */
  destroy(): void {
    void this.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(): Promise<void> {
    const { backlog = 1024 } = this.#options;
    return new Promise((resolve, reject) => {
      const failed = (cause: NodeJS.ErrnoException): void => reject(listenError(cause, this.text));
      this.#server.once("error", failed);
      this.#server.listen(listenOptions(this.#address, backlog), () => {
        this.#server.off("error", failed);
        // Without descriptors accepting fails for a while; the listener stays.
        this.#server.on("error", (error) => this.#watcher.acceptFailed?.(error));
        const bound = this.#server.address();
        if (bound !== null && typeof bound === "object")
          this.#address = { host: bound.address, port: bound.port };
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    // Whatever goes wrong with it is seen by its close.
    socket.on("error", () => {});
    const direct = remoteEnd(socket);
    const refusal = this.#admission.enter();
    if (refusal !== null) return this.#refuse(socket, { ...direct, via: null }, refusal);
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#admission.leave();
    });
    const wait = this.#admission.turn(performance.now(), this.#handshakeLimit);
    if (wait === null) this.#refuse(socket, { ...direct, via: null }, "too-fast");
    else if (wait === 0) this.#begin(socket);
    else {
      const turn = setTimeout(() => this.#begin(socket), wait);
      socket.once("close", () => clearTimeout(turn));
    }
  }

  /** PROXY header, first byte, handshake: as far as they are wanted, all within the limit. */
  #begin(socket: Socket): void {
    if (socket.destroyed) return;
    const proxy =
      this.#sources === null ? "no" : this.#sources.has(remoteEnd(socket)) ? "required" : "forbidden";
    const firstByte = (this.#options.expects ?? "redis") === "redis";
    const plainAndQuiet = this.#secure === null && proxy !== "required";
    if (!firstByte && this.#secure === null && proxy === "no")
      return this.#admit(socket, socket, { header: null, speech: null }, null);
    const forget = readPrelude(socket, { proxy, firstByte: firstByte || this.#secure !== null }, (found) => {
      clearTimeout(limit);
      if ("malformed" in found)
        this.#refuse(socket, peerOf(socket, null), "malformed-proxy-header", found.malformed);
      else this.#judge(socket, found);
    });
    // A client of a plain port may take its time before it says the first word; it is idle, not wrong.
    const limit = plainAndQuiet
      ? undefined
      : setTimeout(() => {
          forget();
          this.#refuse(socket, peerOf(socket, null), "handshake-timeout");
        }, this.#handshakeLimit);
    socket.once("close", () => clearTimeout(limit));
  }

  #judge(socket: Socket, found: Prelude): void {
    const peer = peerOf(socket, found);
    if (this.#clients !== null && !this.#clients.has(peer))
      return this.#refuse(socket, peer, "address-not-allowed");
    const wanted = this.#secure === null ? "redis" : "tls";
    const mistaken = found.speech !== null && found.speech !== wanted;
    if (mistaken && found.speech !== null && (this.#options.expects ?? "redis") === "redis") {
      const { advice = endText(localEnd(socket)), mistaken: words } = this.#options;
      const told = found.speech === "redis" && words !== undefined;
      goodbye(socket, told ? `-ERR ${words}\r\n` : answerToMistake(found.speech, advice));
      return this.#watcher.refused?.(peer, wanted === "tls" ? "plain-text" : "tls", "");
    }
    if (this.#secure === null) return this.#admit(socket, socket, found, null);
    const began = performance.now();
    this.#secure.handshake(socket, {
      secured: (secured, tls) => {
        this.#watcher.secured?.(performance.now() - began, tls);
        this.#admit(socket, secured, found, tls);
      },
      failed: ({ reason, detail, socket: secured }) => {
        // The handshake is over, so the client can be told in words what it lacks.
        if (secured === null) socket.destroy();
        else goodbye(secured, `-ERR client certificate refused: ${detail}\r\n`);
        this.#watcher.refused?.(peer, reason, detail);
      },
    });
  }

  #admit(raw: Socket, socket: Socket, found: Prelude, tls: ClientTls | null): void {
    const peer = peerOf(raw, found);
    const refusal = this.#admission.enterFrom(peer.address);
    if (refusal !== null) return this.#refuse(socket, peer, refusal);
    raw.once("close", () => this.#admission.leaveFrom(peer.address));
    raw.setKeepAlive(true, keepAliveAfter);
    const local = found.header?.destination ?? localEnd(raw);
    this.#count++;
    this.#options.serve({ id: this.#count, socket, peer, local, tls });
  }

  #refuse(socket: Socket, peer: Peer, reason: RefusedReason, detail = ""): void {
    // Whoever speaks Redis by now is told; anyone else would not understand it.
    const words = refusals[reason];
    if (words !== undefined && (this.#secure === null || socket instanceof TLSSocket)) goodbye(socket, words);
    else socket.destroy();
    this.#watcher.refused?.(peer, reason, detail);
  }
}

/** Silence after which the kernel asks whether the client is still there, ms. */
const keepAliveAfter = 60_000;

const refusals: Readonly<Partial<Record<RefusedReason, string>>> = {
  "too-many-connections": "-ERR max number of clients reached\r\n",
  "too-many-from-address": "-ERR max number of clients reached for this address\r\n",
  "too-fast": "-ERR too many new connections, try again later\r\n",
  "address-not-allowed": "-NOPERM clients from this address are not let in\r\n",
};

function peerOf(socket: Socket, found: Prelude | null): Peer {
  const direct = remoteEnd(socket);
  const source = found?.header?.source;
  return source === undefined || source === null ? { ...direct, via: null } : { ...source, via: direct };
}
