import type { DoctorResult } from "@redoubt/network";
import { describe, expect, test } from "vitest";
import { missing, type OwnNetwork, redoubtIn } from "./network-of-its-own.ts";

const host = "orders.redis.cache.windows.net";
const privateName = "orders.privatelink.redis.cache.windows.net";
const uri = `${host}:6380,password=a-secret-of-nobody,ssl=True`;

/** Runs `redoubt doctor --json` there. */
async function examine(
  network: OwnNetwork,
  words: readonly string[] = [uri],
): Promise<DoctorResult & { exit: number }> {
  const { code, stdout, stderr } = await redoubtIn(network, [
    "doctor",
    "--json",
    "--seconds=0",
    "--timeout=2500",
    "--probe-timeout=800",
    ...words,
  ]);
  expect(stdout, stderr).not.toContain("a-secret-of-nobody");
  return { ...(JSON.parse(stdout) as DoctorResult), exit: code };
}

const ids = ({ findings }: DoctorResult): string[] => findings.map(({ id }) => id);

describe.skipIf(missing !== "")(`in a network of its own ${missing}`, () => {
  describe("names", () => {
    test("of a private endpoint lead to a public address", async () => {
      const result = await examine({
        dns: { "127.0.0.1": { [host]: privateName, [privateName]: ["203.0.113.7"] } },
        addresses: ["10.9.0.1"],
        everywhere: true,
      });
      expect(ids(result)[0]).toBe("dns-public-answer");
      expect(ids(result)).toContain("tcp-public-access-off");
      expect(result.findings[0]?.fixes[0]?.command).toContain("privatelink.redis.cache.windows.net");
      expect(result.exit).toBe(4);
    });

    test("are not known to the DNS server of this network, and to Azure's", async () => {
      const result = await examine({
        dns: {
          "127.0.0.1": {},
          "168.63.129.16": { [host]: privateName, [privateName]: ["10.9.0.7"] },
        },
        resolverFile: "nameserver 127.0.0.1\n",
        addresses: ["10.9.0.1", "168.63.129.16"],
      });
      expect(ids(result)[0]).toBe("dns-server-unaware");
      expect(result.findings[0]?.fixes[0]?.says).toContain("127.0.0.1 forward redis.cache.windows.net");
    });

    test("cannot be asked for", async () => {
      const result = await examine({ resolverFile: "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n" });
      expect(ids(result)[0]).toBe("dns-silent");
      expect(result.exit).toBe(4);
    });

    test("are in the hosts file, which is wrong", async () => {
      const result = await examine({
        dns: { "127.0.0.1": { [host]: ["10.9.0.7"] } },
        hostsFile: `127.0.0.1 localhost\n127.0.0.9 ${host}\n`,
        addresses: ["10.9.0.1"],
      });
      expect(ids(result)[0]).toBe("dns-hosts-file");
    });

    test("are completed by a search domain", async () => {
      const result = await examine(
        {
          dns: { "127.0.0.1": { "cache.corp.example.com": ["127.0.0.9"] } },
          resolverFile: "nameserver 127.0.0.1\nsearch corp.example.com\n",
        },
        ["rediss://cache:6380"],
      );
      const found = result.findings.find(({ id }) => id === "dns-search-domain");
      expect(found?.fixes[0]?.after).toContain("cache.corp.example.com:6380");
    });

    test("are answered differently by two servers", async () => {
      const result = await examine({
        dns: { "127.0.0.1": { [host]: ["127.0.0.8"] }, "127.0.0.2": { [host]: ["127.0.0.9"] } },
      });
      expect(ids(result)).toContain("dns-answers-differ");
    });
  });

  describe("ways", () => {
    test("to another network are missing", async () => {
      const result = await examine({ addresses: ["10.9.0.1"], everywhere: true }, [
        "rediss://10.77.0.5:6380",
      ]);
      expect(ids(result)[0]).toBe("tcp-network-apart");
      expect(result.findings[0]?.evidence.join("\n")).toContain("leave from 10.9.0.1 on wire");
    });

    test("within the network end at a rule", async () => {
      const result = await examine({ addresses: ["10.9.0.1"] }, ["rediss://10.9.0.5:6380"]);
      expect(ids(result)[0]).toBe("tcp-port-blocked");
    });

    test("there are none at all", async () => {
      const result = await examine({}, ["rediss://10.9.0.5:6380"]);
      expect(ids(result)[0]).toBe("tcp-no-route");
      expect(result.findings[0]?.evidence).toContain("this machine has no route to 10.9.0.5");
    });

    test("lead to one address of two", async () => {
      const result = await examine(
        {
          dns: { "127.0.0.1": { "cache.example.com": ["10.9.0.1", "10.9.0.9"] } },
          addresses: ["10.9.0.1"],
          beside: 'require("node:net").createServer((s) => s.on("error", () => {})).listen(6380)',
        },
        ["rediss://cache.example.com:6380"],
      );
      const dead = result.findings.find(({ id }) => id === "tcp-address-dead");
      expect(dead?.evidence).toEqual(expect.arrayContaining(["10.9.0.9:6380: no answer"]));
    });
  });

  describe("what a cache depends on", () => {
    const words = ["--dependencies", "rediss://127.0.0.9:6380"];
    const pki = ["ocsp.digicert.com", "crl4.digicert.com", "ocsp.msocsp.com", "mscrl.microsoft.com"];
    const others = [
      "crl3.digicert.com",
      "cacerts.digicert.com",
      "oneocsp.microsoft.com",
      "crl.microsoft.com",
    ];
    const more = ["cacerts.geotrust.com", "www.microsoft.com", "cdp.geotrust.com", "status.geotrust.com"];
    const web = [...pki, ...others, ...more, "go.microsoft.com"];

    test("cannot be reached at all: forced tunnelling", async () => {
      const result = await examine(
        { dns: { "127.0.0.1": { "*": ["203.0.113.9"] } }, addresses: ["10.9.0.1"], everywhere: true },
        words,
      );
      expect(ids(result)[0]).toBe("way-out-tunnelled");
    });

    test("cannot be reached on port 80", async () => {
      const silent = Object.fromEntries(web.map((name) => [name, ["203.0.113.9"]]));
      const result = await examine(
        {
          dns: { "127.0.0.1": { ...silent, "*": ["10.9.0.1"] } },
          addresses: ["10.9.0.1"],
          everywhere: true,
        },
        words,
      );
      expect(ids(result)[0]).toBe("way-out-port-80");
      expect(result.findings[0]?.evidence[0]).toMatch(/:80 .*: no answer/);
    });

    test("can be reached in part", async () => {
      const result = await examine(
        {
          dns: { "127.0.0.1": { "azredis.prod.microsoftmetrics.com": ["203.0.113.9"], "*": ["10.9.0.1"] } },
          addresses: ["10.9.0.1"],
          everywhere: true,
        },
        words,
      );
      const part = result.findings.find(({ id }) => id === "way-out-blocked");
      expect(part?.fixes[0]?.says).toContain("AzureMonitor");
    });
  });
});
