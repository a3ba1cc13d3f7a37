import { startCluster, startSentinels } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";

const quick = { latency: 0, timeout: 2000, connectTimeout: 3000 } as const;

describe("a cluster", () => {
  test("whose nodes can be reached under what they announce", async () => {
    await using cluster = await startCluster({ primaries: 3 });
    const { findings, observations, verdict } = await doctor(cluster.uri, quick);
    expect(observations.filter(({ area }) => area === "nodes")).toHaveLength(3);
    expect(findings).toEqual([]);
    expect(verdict.state).toBe("healthy");
  });

  test("whose nodes announce addresses that the certificate does not name", async () => {
    await using cluster = await startCluster({ primaries: 3, names: ["localhost"] });
    const { findings, verdict } = await doctor(cluster.nodes[0]?.uri ?? "", quick);
    const unnamed = findings.find(({ id }) => id === "cluster-nodes-unnamed");
    expect(unnamed?.severity).toBe("info");
    expect(unnamed?.evidence.join("\n")).toContain("verified as localhost");
    expect(verdict.connected).toBe(true);
  });

  test("of which a node is gone", async () => {
    await using cluster = await startCluster({ primaries: 3, nodeTimeout: 1000 });
    const [entrance, , gone] = cluster.nodes;
    await gone?.stop();
    const found = async () => (await doctor(entrance?.uri ?? "", quick)).findings.map(({ id }) => id);
    await expect.poll(found).toEqual(expect.arrayContaining(["cluster-nodes-unreachable", "cluster-down"]));
  });
});

describe("Sentinels", () => {
  test("that know a master which can be reached", async () => {
    await using set = await startSentinels({ sentinels: 3, replicas: 1 });
    const { verdict, observations, findings } = await doctor(set.uri, { ...quick, latency: 100 });
    expect(findings).toEqual([]);
    expect(verdict.state).toBe("healthy");
    expect(observations.filter(({ area }) => area === "nodes")).toHaveLength(2);
    expect(observations.some(({ subject, detail }) => subject === "role" && detail === "master")).toBe(true);
  });

  test("that watch another master, and of which one is silent", async () => {
    await using set = await startSentinels({ sentinels: 3, replicas: 1 });
    const other = await doctor(set.uri.replace(set.masterName, "nobody"), quick);
    expect(other.findings[0]?.id).toBe("sentinel-master-unknown");
    expect(other.findings[0]?.fixes[0]?.says).toContain(set.masterName);
    expect(other.verdict).toMatchObject({ state: "unreachable", connected: false });
    await set.sentinels[2]?.stop();
    const { findings, verdict } = await doctor(set.uri, quick);
    expect(findings.map(({ severity }) => severity)).not.toContain("error");
    expect(findings.map(({ id }) => id)).toContain("sentinel-silent");
    expect(verdict).toMatchObject({ state: "findings", connected: true });
  });

  test("that name a master which cannot be reached", async () => {
    await using set = await startSentinels({ sentinels: 1, replicas: 0, downAfter: 60_000 });
    const ca = set.primary.ca;
    const uri = set.uri.replace(/&?sslrootcert=[^&]*/, "");
    await set.primary.stop();
    const { findings, verdict } = await doctor(uri, { ...quick, tls: { ca } });
    expect(findings[0]?.id).toBe("sentinel-master-unreachable");
    expect(verdict).toMatchObject({ state: "unreachable", connected: false });
  });
});
