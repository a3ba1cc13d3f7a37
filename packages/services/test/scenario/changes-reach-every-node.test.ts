import { createHash } from "node:crypto";
import { connect } from "node:tls";
import { ControlConnection } from "@redoubt/server";
import { expect, test } from "vitest";
import type { Service } from "../../src/contract/service.ts";
import { Store } from "../../src/state/store.ts";
import { type Ground, ground, redisCli } from "../ground.ts";

const patience = { timeout: 180_000 };

/** What each data node says, by its private socket, as the keeper would ask. */
async function eachNode({ home }: Ground, name: string, ...command: string[]): Promise<string[]> {
  const store = new Store(home);
  const { nodes, operator } = await store.read(name);
  const places = store.places.service(name);
  return Promise.all(
    nodes
      .filter(({ kind }) => kind === "data")
      .map(async (node) => {
        using control = await ControlConnection.open({
          host: "localhost",
          port: 0,
          path: places.nodeSocket(node.name),
          ...operator,
        });
        return String(await control.call(...command));
      }),
  );
}

/** Fingerprint of the certificate at a port of this machine, whoever may come in there. */
function shownAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? "none");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

const dataNodes = ({ nodes }: Service) => nodes.filter(({ kind }) => kind === "data");
/** One that follows redirections, as a cluster needs. */
const ask = (place: Ground, uri: string, ...args: string[]) => redisCli(place, uri, "-c", ...args);

test.each([
  ["business-1", 2],
  ["cluster-3", 3],
])(
  "%s: access, passwords, certificates and the switch to plain text are on all %i nodes",
  async (plan, count) => {
    await using place = await ground();
    const { services } = place;
    const made = await services.create("wide", { plan }, patience);
    expect(dataNodes(made)).toHaveLength(count);
    expect(await ask(place, made.uri, "SET", "kept", "1")).toBe("OK");

    await services.userCreate("wide", "app");
    await services.userSetAccessControl("wide", "app", {
      categories: ["+@read"],
      keys: ["app:*"],
      channels: [],
    });
    const rules = await eachNode(place, "wide", "ACL", "GETUSER", "app");
    expect(rules).toHaveLength(count);
    for (const rule of rules) {
      expect(rule).toContain("~app:*");
      expect(rule).toContain("+@read");
      expect(rule).not.toContain("+@all");
    }
    const uri = await services.connectionUri("wide", { username: "app" });
    expect(await ask(place, uri, "GET", "app:1")).toBe("");
    expect(await ask(place, uri, "SET", "app:1", "x")).toContain("NOPERM");

    const hashOf = ({ uriParams }: Service) => createHash("sha256").update(uriParams.password).digest("hex");
    const reset = await services.credentialsReset("wide");
    for (const user of await eachNode(place, "wide", "ACL", "GETUSER", "default")) {
      expect(user).toContain(hashOf(reset));
      expect(user).not.toContain(hashOf(made));
    }
    expect(await ask(place, made.uri, "PING")).toContain("WRONGPASS");
    expect(await ask(place, reset.uri, "GET", "kept")).toBe("1");

    const rotated = await services.rotateCertificate("wide");
    expect(rotated.certificate.fingerprint).not.toBe(made.certificate.fingerprint);
    for (const port of [rotated.uriParams.port, ...rotated.nodes.map((node) => node.port)])
      expect(await shownAt(port)).toBe(rotated.certificate.fingerprint);
    expect(await ask(place, rotated.uri, "GET", "kept")).toBe("1");

    const plain = await services.update("wide", { userConfig: { redis_ssl: false } }, patience);
    expect(plain.uri).toMatch(/^redis:/);
    expect(await ask(place, plain.uri, "GET", "kept")).toBe("1");
    const back = await services.update("wide", { removeOptions: ["redis_ssl"] }, patience);
    expect(back.uri).toBe(reset.uri);
    expect(await ask(place, back.uri, "GET", "kept")).toBe("1");
    for (const line of await eachNode(place, "wide", "CONFIG", "GET", "port")) expect(line).toBe("port,0");
    // The servers went on all the time.
    expect(dataNodes(back).map(({ pid }) => pid)).toEqual(dataNodes(made).map(({ pid }) => pid));
  },
  400_000,
);
