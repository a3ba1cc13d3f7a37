import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findBinary } from "../../../src/server/binary.ts";

afterEach(() => vi.unstubAllEnvs());

test("without a server on the PATH, the message names the packages", async () => {
  vi.stubEnv("PATH", "/nonexistent");
  await expect(findBinary()).rejects.toThrow(
    /neither redis-server nor valkey-server.*apt-get install redis-server/s,
  );
});

test("valkey-server will do, and a file that cannot be run will not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "redoubt-test-"));
  try {
    vi.stubEnv("PATH", `/nonexistent:${folder}`);
    await writeFile(join(folder, "redis-server"), "", { mode: 0o600 });
    await writeFile(join(folder, "valkey-server"), "#!/bin/sh\n");
    await chmod(join(folder, "valkey-server"), 0o700);
    expect(await findBinary()).toBe(join(folder, "valkey-server"));
    expect(await findBinary(join(folder, "valkey-server"))).toBe(join(folder, "valkey-server"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a program asked for that is not there is named", async () => {
  await expect(findBinary("/opt/none")).rejects.toThrow('option "binary": there is no program /opt/none');
});
