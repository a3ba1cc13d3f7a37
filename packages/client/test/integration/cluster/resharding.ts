import type { RedisServer } from "@redoubt/server";

/** What moving slots needs to know of a node. */
interface Place {
  readonly server: RedisServer;
  readonly id: string;
}

/** Which node of a cluster serves what, kept by the test that moves slots, with the commands of the cluster itself. */
export class Resharding {
  readonly #places: readonly Place[];

  private constructor(places: readonly Place[]) {
    this.#places = places;
  }

  static async of(servers: readonly RedisServer[]): Promise<Resharding> {
    const ids = await Promise.all(servers.map((server) => server.command("CLUSTER", "MYID")));
    return new Resharding(servers.map((server, i) => ({ server, id: String(ids[i]) })));
  }

  /** Which of the servers says that it serves a slot. */
  async ownerOf(slot: number): Promise<RedisServer> {
    const ranges = (await this.#places[0]?.server.command("CLUSTER", "SLOTS")) as [
      number,
      number,
      [string, number, string],
    ][];
    const range = ranges.find(([from, to]) => from <= slot && slot <= to);
    const place = this.#places.find(({ id }) => id === range?.[2][2]);
    if (place === undefined) throw new Error(`nobody serves slot ${slot}`);
    return place.server;
  }

  /** Says on both sides that a slot is on its way. Its keys stay where they are. */
  async begin(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
    await to.command("CLUSTER", "SETSLOT", String(slot), "IMPORTING", this.#idOf(from));
    await from.command("CLUSTER", "SETSLOT", String(slot), "MIGRATING", this.#idOf(to));
  }

  /** Moves some of the slot's keys. Answers how many. */
  async moveKeys(slot: number, from: RedisServer, to: RedisServer, count = 10): Promise<number> {
    using control = await from.control();
    const keys = (await control.call("CLUSTER", "GETKEYSINSLOT", String(slot), String(count))) as string[];
    if (keys.length === 0) return 0;
    const port = String(to.tlsPort ?? to.port);
    await control.call(
      "MIGRATE",
      to.address,
      port,
      "",
      "0",
      "5000",
      "AUTH",
      String(to.password),
      "KEYS",
      ...keys,
    );
    return keys.length;
  }

  /** Says on all nodes that the slot has arrived. */
  async end(slot: number, to: RedisServer): Promise<void> {
    const rest = this.#places.filter(({ server }) => server !== to);
    for (const { server } of [...this.#places.filter(({ server }) => server === to), ...rest])
      await server.command("CLUSTER", "SETSLOT", String(slot), "NODE", this.#idOf(to));
  }

  /** Moves a slot with all its keys. */
  async move(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
    await this.begin(slot, from, to);
    while ((await this.moveKeys(slot, from, to)) > 0);
    await this.end(slot, to);
  }

  /** Gives all slots of a node, which must be empty, to another one. */
  async giveAll(from: RedisServer, to: RedisServer): Promise<void> {
    const ranges = (await from.command("CLUSTER", "SLOTS")) as [number, number, [string, number, string]][];
    for (const [first, last, [, , id]] of ranges) {
      if (id !== this.#idOf(from)) continue;
      for (const { server } of this.#places) {
        using control = await server.control();
        for (let slot = first; slot <= last; slot++)
          await control.call("CLUSTER", "SETSLOT", String(slot), "NODE", this.#idOf(to));
      }
    }
  }

  #idOf(server: RedisServer): string {
    return (this.#places.find((place) => place.server === server) as Place).id;
  }
}
