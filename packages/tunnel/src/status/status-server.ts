import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type ListenAddress,
  listenOptions,
  listenText,
  parseListenAddress,
  refuseExposed,
} from "../listen/address.ts";
import { listenError } from "../listen/listen-error.ts";

/** Whether new connections are welcome, and if not, why: one short sentence each. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** What is shown, and where. */
export interface StatusOptions {
  /** See `parseListenAddress` for the text. */
  readonly at: ListenAddress | string;
  /** Whether other machines may look. Default false. */
  readonly exposed?: boolean;
  /** Is awaited before an answer: brings what is shown up to date. */
  readonly before?: () => Promise<void>;
  readonly ready: () => Readiness;
  /** Text for Prometheus. */
  readonly metrics: () => string;
}

/** How long a request may take to arrive, ms. */
const requestLimit = 5000;

/**
 * Answers `GET /live`, `/ready` and `/metrics` over plain HTTP, on loopback unless told otherwise. `/live` says that the
 * process answers; `/ready` is 503 when new connections should go elsewhere, with the reasons as lines.
 */
export class StatusServer {
  readonly #server: Server;
  readonly #options: StatusOptions;
  #address: ListenAddress;

  private constructor(options: StatusOptions, address: ListenAddress) {
    this.#options = options;
    this.#address = address;
    const { before } = options;
    this.#server = createServer((request, response) => {
      if (before === undefined) return this.#answer(request, response);
      void before().finally(() => this.#answer(request, response));
    });
    this.#server.requestTimeout = requestLimit;
    this.#server.headersTimeout = requestLimit;
    this.#server.maxConnections = 64;
  }

  /**
   * @throws RedoubtError `CONFIG_EXPOSED`, `CONFIG_INVALID_VALUE`, `TCP_ADDRESS_IN_USE`, `TCP_FAILED`
   */
  static async open(options: StatusOptions): Promise<StatusServer> {
    const address = typeof options.at === "string" ? parseListenAddress(options.at) : options.at;
    refuseExposed(address, options.exposed === true);
    const status = new StatusServer(options, address);
    await status.#listen();
    return status;
  }

  /** Where it listens, `127.0.0.1:9121`. */
  get text(): string {
    return listenText(this.#address);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (cause: Error): void => reject(listenError(cause, this.text));
      this.#server.once("error", failed);
      this.#server.listen(listenOptions(this.#address, 16), () => {
        this.#server.off("error", failed);
        this.#server.on("error", () => {});
        const bound = this.#server.address();
        if (bound !== null && typeof bound === "object")
          this.#address = { host: bound.address, port: bound.port };
        resolve();
      });
    });
  }

  #answer({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
    const say = (status: number, text: string, type = "text/plain; charset=utf-8"): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      response.end(method === "HEAD" ? undefined : text);
    };
    if (method !== "GET" && method !== "HEAD") return say(405, "GET only\n");
    switch (url.split("?")[0]) {
      case "/live":
        return say(200, "live\n");
      case "/ready": {
        const { ready, reasons } = this.#options.ready();
        return ready ? say(200, "ready\n") : say(503, `${["not ready", ...reasons].join("\n")}\n`);
      }
      case "/metrics":
        return say(200, this.#options.metrics(), "text/plain; version=0.0.4; charset=utf-8");
      default:
        return say(404, "/live, /ready, /metrics\n");
    }
  }
}
