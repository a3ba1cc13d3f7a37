import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { parse } from "@redoubt/client";
import { createAuthority, startServer } from "@redoubt/server";
import { expect, test, vi } from "vitest";
import { Listener } from "../../../src/listen/listener.ts";
import { RedisRole } from "../../../src/redis/redis-role.ts";
import { commandOf } from "../../../src/resp/words.ts";
import { folder, pair } from "../listen/listening.ts";
import { numbers, Rounds, Witness } from "./crowd.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 180_000 });

/** Who begins after this time begins no other round, ms. */
const enough = 6000;
const clients = 200;
const mostRounds = 40;

function portOf({ address }: Listener): number {
  return "port" in address ? address.port : 0;
}

test("200 clients by TCP, TLS and Unix sockets, slow and fast, killed and ended: every byte of every reply is the one that was due", async () => {
  await using server = await startServer();
  await using files = await folder();
  const authority = await createAuthority();
  const certificates = [await pair(files.path, "server", authority)];
  const role = new RedisRole({ target: parse(server.uri), connectTimeout: 30_000 });
  const serve = ({ socket }: { readonly socket: Socket }): void => void role.serve(socket);
  const plain = await Listener.open({ at: "127.0.0.1:0", serve });
  const secure = await Listener.open({ at: "127.0.0.1:0", serve, tls: { certificates } });
  // A Unix socket holds little: whoever reads slowly is noticed soon.
  const path = join(files.path, "tunnel.sock");
  const local = await Listener.open({ at: path, serve });
  const open = (way: number): Socket => {
    if (way === 0) return connect({ host: "127.0.0.1", port: portOf(plain) });
    if (way === 1) return connect({ path });
    const ca = authority.certificate;
    return connectTls({ host: "127.0.0.1", port: portOf(secure), servername: "localhost", ca });
  };
  const over = performance.now() + enough;
  let kills = 0;
  let bytes = 0;

  const work = async (id: number): Promise<number> => {
    const random = numbers(id + 1);
    const protocol = id % 2 === 0 ? 2 : 3;
    let rounds = 0;
    for (let life = 0; rounds === 0 || (rounds < mostRounds && performance.now() < over); life++) {
      const witness = new Witness(open(id % 3), random, id % 5 === 0);
      const { socket } = witness;
      const maker = new Rounds(random, `${id}.${life}`, protocol);
      try {
        // What the tunnel says of itself is not known to the byte: it is asked for nothing here.
        if (protocol === 3) await greet(socket, witness);
        const isToBeKilled = random(4) === 0;
        for (let left = 1 + random(10); left > 0; left--) {
          const round = maker.next();
          const sent = witness.send(round);
          if (left === 1 && isToBeKilled) {
            const due = round.replies.reduce((sum, reply) => sum + reply.length, 0);
            await witness.wait(random(due));
            socket.destroy();
            await sent;
            kills++;
            break;
          }
          await sent;
          // The last words: all that is due still comes, and then the end.
          if (left === 1) socket.end();
          await witness.wait();
          if (left === 1) await witness.end();
          rounds++;
          if (left > 1 && performance.now() > over) left = 2;
        }
      } catch (error) {
        throw new Error(`client ${id}, life ${life}: ${(error as Error).message}`);
      } finally {
        bytes += witness.seen;
        socket.destroy();
      }
    }
    return rounds;
  };

  try {
    const rounds = await Promise.all(Array.from({ length: clients }, (_, id) => work(id)));
    expect(Math.min(...rounds)).toBeGreaterThan(0);
    expect(kills).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(1_000_000);
    await expect.poll(() => role.sessions).toBe(0);
  } finally {
    await role.close(0);
    for (const listener of [plain, local, secure]) listener.destroy();
  }
});

/** Says HELLO 3, and takes its reply from the stream before the witness looks at it. */
async function greet(socket: Socket, witness: Witness): Promise<void> {
  const greeting = await new Promise<Buffer>((resolve, reject) => {
    const looks = socket.listeners("data") as ((chunk: Buffer) => void)[];
    socket.removeAllListeners("data");
    let came = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      came = Buffer.concat([came, chunk]);
      if (!came.toString("latin1").endsWith("$7\r\nmodules\r\n*0\r\n")) return;
      socket.off("data", take);
      for (const look of looks) socket.on("data", look);
      resolve(came);
    };
    socket.on("data", take);
    socket.once("close", () => reject(new Error("hung up on HELLO")));
    socket.write(commandOf(["HELLO", "3"]));
  });
  expect(greeting[0]).toBe("%".charCodeAt(0));
  expect(witness.seen).toBe(0);
}
