import { expect, test } from "vitest";
import { type AnnouncedNode, localised, localisedRedirection } from "../../../src/redis/cluster-replies.ts";

/** Announced port 700x is local port 800x. */
const place = (node: AnnouncedNode) => ({ host: "127.0.0.1", port: node.port + 1000 });
const rewrite = (sub: string, reply: string): string => String(localised(sub, Buffer.from(reply), place));

test("redirections", () => {
  const of = (reply: string) => String(localisedRedirection(Buffer.from(reply), place));
  expect(of("-MOVED 12 10.0.0.1:7001\r\n")).toBe("-MOVED 12 127.0.0.1:8001\r\n");
  expect(of("-ASK 12 node.example:7002\r\n")).toBe("-ASK 12 127.0.0.1:8002\r\n");
  expect(of("-MOVED 12 2001:db8::1:7001\r\n")).toBe("-MOVED 12 127.0.0.1:8001\r\n");
  expect(of("-MOVED 12 :7001\r\n")).toBe("-MOVED 12 127.0.0.1:8001\r\n");
  for (const other of ["-ERR no\r\n", "-MOVED by somebody\r\n", "-ASKING\r\n"]) expect(of(other)).toBe(other);
});

test("a node that has no place keeps its address", () => {
  const reply = "-MOVED 12 10.0.0.1:7001\r\n";
  expect(String(localisedRedirection(Buffer.from(reply), () => null))).toBe(reply);
});

test("CLUSTER SLOTS, with host names in the metadata", () => {
  const node = "*4\r\n$8\r\n10.0.0.1\r\n:7001\r\n$2\r\nid\r\n*2\r\n$8\r\nhostname\r\n$1\r\nh\r\n";
  const local = "*4\r\n$9\r\n127.0.0.1\r\n:8001\r\n$2\r\nid\r\n*2\r\n$8\r\nhostname\r\n$9\r\n127.0.0.1\r\n";
  expect(rewrite("SLOTS", `*1\r\n*3\r\n:0\r\n:16383\r\n${node}`)).toBe(
    `*1\r\n*3\r\n:0\r\n:16383\r\n${local}`,
  );
  const unknown = "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$-1\r\n:7001\r\n";
  expect(rewrite("SLOTS", unknown)).toContain("127.0.0.1\r\n:8001");
});

test("CLUSTER SHARDS, as maps and as arrays: the TLS port is the one that counts", () => {
  const fields =
    "$2\r\nid\r\n$1\r\na\r\n$4\r\nport\r\n:6001\r\n$8\r\ntls-port\r\n:7001\r\n$2\r\nip\r\n$8\r\n10.0.0.1\r\n";
  for (const [outer, inner] of [
    ["%1", "%4"],
    ["*2", "*8"],
  ]) {
    const reply = `*1\r\n${outer}\r\n$5\r\nnodes\r\n*1\r\n${inner}\r\n${fields}`;
    const expected = reply
      .replace(":6001", ":8001")
      .replace(":7001", ":8001")
      .replace("$8\r\n10.0.0.1", "$9\r\n127.0.0.1");
    expect(rewrite("SHARDS", reply)).toBe(expected);
  }
});

test("CLUSTER NODES, with bus ports, host names and what Redis 7 adds", () => {
  const text =
    "aa 10.0.0.1:7001@17001,h1,shard-id=x myself,master - 0 0 1 connected 0-5\nbb :7002@17002 slave aa 0 0 1 connected\n";
  const local =
    "aa 127.0.0.1:8001@17001 myself,master - 0 0 1 connected 0-5\nbb 127.0.0.1:8002@17002 slave aa 0 0 1 connected\n";
  expect(rewrite("NODES", `$${text.length}\r\n${text}\r\n`)).toBe(`$${local.length}\r\n${local}\r\n`);
  expect(rewrite("NODES", `=${text.length + 4}\r\ntxt:${text}\r\n`)).toContain("127.0.0.1:8002@17002");
});

test("errors stay as they are", () => {
  expect(rewrite("SLOTS", "-ERR This instance has cluster support disabled\r\n")).toContain(
    "-ERR This instance",
  );
});
