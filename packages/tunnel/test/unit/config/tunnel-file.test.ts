import { inspect } from "node:util";
import { RedoubtError } from "@redoubt/client";
import { describe, expect, test } from "vitest";
import { parseTunnelFile, readTunnelFile } from "../../../src/config/tunnel-file.ts";

const read = (text: string, variables = {}) => parseTunnelFile(text, "tunnel.yaml", variables);

function refusal(text: string, variables = {}): RedoubtError {
  try {
    read(text, variables);
  } catch (error) {
    if (error instanceof RedoubtError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

test("one tunnel, with everything", () => {
  const { tunnels, drain, accessLog, holdsSecrets } = read(
    `
to: { env: REDIS_URL }
listen: [6379, "unix:/run/redoubt/redis.sock"]
exposed: false
auth: inject
password: { env: LOCAL }
users:
  reader: { env: LOCAL }
connectTimeout: 3000
connections: 4
nodePorts: 7000
status: 127.0.0.1:9121
tls: { ca: /etc/ca.pem, servername: redis.example }
drain: 5000
accessLog: json
`,
    { REDIS_URL: "rediss://app:far@cache.example:6380/2", LOCAL: "near" },
  );
  expect(drain).toBe(5000);
  expect(accessLog).toBe("json");
  expect(holdsSecrets).toBe(false);
  const [tunnel] = tunnels;
  expect(tunnel).toMatchObject({
    listen: ["6379", "unix:/run/redoubt/redis.sock"],
    exposed: false,
    auth: "inject",
    connectTimeout: 3000,
    sharedLines: 4,
    nodePorts: 7000,
    status: "127.0.0.1:9121",
  });
  expect(tunnel?.to).toMatchObject({
    username: "app",
    database: 2,
    tls: { caFile: "/etc/ca.pem", servername: "redis.example" },
  });
  expect(tunnel?.users?.["default"]?.reveal()).toBe("near");
  expect(tunnel?.users?.["reader"]?.reveal()).toBe("near");
  expect(inspect(tunnel, { depth: 9 })).not.toMatch(/far|near/);
});

test("several tunnels, as JSON", () => {
  const { tunnels, holdsSecrets } = read(
    '{"tunnels": [{"to": "rediss://a.example", "listen": "6380"}, {"to": "rediss://:pw@b.example"}], "drain": 1}',
  );
  expect(tunnels.map(({ to }) => to.endpoints[0]?.host)).toEqual(["a.example", "b.example"]);
  expect(holdsSecrets).toBe(true);
});

describe("what is wrong is named with its line", () => {
  test.each([
    [
      "to: rediss://a\nlisen: 6379\n",
      "CONFIG_UNKNOWN_KEY",
      'tunnel.yaml:2:1: there is no key "lisen"',
      'Did you mean "listen"?',
    ],
    [
      "to: rediss://a\ntls:\n  cafile: x\n",
      "CONFIG_UNKNOWN_KEY",
      "tunnel.yaml:3:3: there is no such key",
      "Known are: ca, cert, key, servername.",
    ],
    ["listen: 6379\n", "CONFIG_MISSING", 'tunnel.yaml:1:1: "to" is missing', "{ env: REDIS_URL }"],
    [
      "to: rediss://a\nexposed: 1\n",
      "CONFIG_INVALID_VALUE",
      'tunnel.yaml:2:10: "exposed" must be true or false',
      "",
    ],
    [
      "to: rediss://a\nconnections: -1\n",
      "CONFIG_INVALID_VALUE",
      '"connections" must be a whole number from 0 to 1000',
      "",
    ],
    [
      "to: rediss://a\nauth: magic\n",
      "CONFIG_INVALID_VALUE",
      '"auth" must be one of: inject, entra, none',
      "",
    ],
    [
      "to: rediss://a\nlisten: { a: 1 }\n",
      "CONFIG_INVALID_VALUE",
      '"listen" must be a text or a list of texts',
      "",
    ],
    [
      "to: { env: NOWHERE }\n",
      "CONFIG_MISSING",
      'tunnel.yaml:1:5: "to": the variable NOWHERE is not set',
      "",
    ],
    ["to: { file: /nowhere/at/all }\n", "CONFIG_FILE", "/nowhere/at/all cannot be read (ENOENT)", ""],
    ["to: { env: A, file: b }\n", "CONFIG_INVALID_VALUE", '"to" must be either env or file', ""],
    ["tunnels: []\n", "CONFIG_INVALID_VALUE", '"tunnels" must be a list of tunnels', ""],
    [
      "tunnels:\n  - to: rediss://a\n  - lissten: 1\n",
      "CONFIG_UNKNOWN_KEY",
      'tunnel.yaml:3:5: there is no key "tunnels[1].lissten"',
      'Did you mean "tunnels[1].listen"?',
    ],
    ["- a\n", "CONFIG_INVALID_VALUE", "tunnel.yaml:1:1: the file is no map of keys", ""],
    ["", "CONFIG_INVALID_VALUE", "the file is no map of keys", ""],
    ["to: &a rediss://x\nstatus: *a\n", "CONFIG_SYNTAX", "aliases are not read", ""],
  ] as const)("%j", (text, code, message, hint) => {
    const error = refusal(text);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  test("what is no YAML, without repeating what stands there", () => {
    const error = refusal("to: rediss://:topsecret@a\n  listen: [6379\n");
    expect(error.code).toBe("CONFIG_SYNTAX");
    expect(error.message).toMatch(/^tunnel\.yaml:\d+:\d+: this is neither YAML nor JSON/);
    expect(inspect(error)).not.toContain("topsecret");
  });

  test("a value in place of a key is not repeated", () => {
    expect(inspect(refusal('"rediss://:topsecret@a": 1\n'))).not.toContain("topsecret");
  });

  test("a file that is not there", () => {
    expect(() => readTunnelFile("/nowhere.yaml", {})).toThrow("/nowhere.yaml cannot be read (ENOENT)");
  });
});
