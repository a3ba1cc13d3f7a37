import { createServer } from "node:net";
import { Disk, readIfThere } from "@redoubt/services/machine";

/** Tries to find a port that nothing here has got meanwhile. */
const tries = 50;

/** Where local programs listen, and are dialled. */
const addresses = ["127.0.0.1", "::1"] as const;

/**
 * Ports of an app on this machine. One that was chosen is kept in a file: at the next run it is the same if nobody else has it,
 * so that links, bookmarks and settings of other programs stay good.
 */
export class PortBook {
  readonly #path: string;
  readonly #kept: Map<string, number>;
  /** Given out in this run, by port. */
  readonly #taken = new Map<number, string>();
  readonly #disk = new Disk();

  private constructor(path: string, kept: Map<string, number>) {
    this.#path = path;
    this.#kept = kept;
  }

  static async open(path: string): Promise<PortBook> {
    return new PortBook(path, read(await readIfThere(path)));
  }

  /**
   * A port that was asked for by number.
   * @returns who has it already in this app; null: nobody
   */
  reserve(key: string, port: number): string | null {
    const holder = this.#taken.get(port);
    if (holder !== undefined && holder !== key) return holder;
    this.#taken.set(port, key);
    return null;
  }

  /**
   * A free port: the one of earlier runs, else another. Call {@link PortBook.save} afterwards.
   * @param key what it is for, `todos/http`
   * @param refused a port that turned out to be taken
   */
  async choose(key: string, refused?: number): Promise<number> {
    const before = this.#kept.get(key);
    if (before !== undefined && before !== refused && (await this.#take(key, before))) return before;
    for (let attempt = 0; attempt < tries; attempt++) {
      const port = await anyFree();
      if (port === refused || !(await this.#take(key, port))) continue;
      this.#kept.set(key, port);
      return port;
    }
    throw new Error("no free port was found");
  }

  /** Keeps what was chosen for the next run. */
  async save(): Promise<void> {
    await this.#disk.write(this.#path, `${JSON.stringify(Object.fromEntries(this.#kept), null, 2)}\n`);
  }

  async #take(key: string, port: number): Promise<boolean> {
    const holder = this.#taken.get(port);
    if (holder !== undefined && holder !== key) return false;
    // Before looking, because others choose at the same time.
    this.#taken.set(port, key);
    if (await isFree(port)) return true;
    if (holder === undefined) this.#taken.delete(port);
    return false;
  }
}

/** Whether nobody listens on the port, at any of the loopback addresses that this machine has. */
export async function isFree(port: number): Promise<boolean> {
  for (const address of addresses) {
    const problem = await listen(port, address);
    if (typeof problem === "string" && problem !== "EADDRNOTAVAIL" && problem !== "EAFNOSUPPORT")
      return false;
  }
  return true;
}

async function anyFree(): Promise<number> {
  const port = await listen(0, addresses[0]);
  if (typeof port === "string") throw new Error(`no port can be listened on at ${addresses[0]}: ${port}`);
  return port;
}

/** Listens for a moment. @returns the port, or the code of the error */
function listen(port: number, address: string): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .listen({ port, host: address, exclusive: true }, () => {
        const { port: got } = server.address() as { port: number };
        server.close(() => resolve(got));
      });
  });
}

function read(text: string | null): Map<string, number> {
  try {
    const entries = Object.entries(JSON.parse(text ?? "{}") as Record<string, unknown>);
    return new Map(
      entries.filter((entry): entry is [string, number] => {
        const [, port] = entry;
        return Number.isInteger(port) && (port as number) > 0 && (port as number) < 65_536;
      }),
    );
  } catch {
    // Only a comfort: other ports do as well.
    return new Map();
  }
}
