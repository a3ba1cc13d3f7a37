import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ground, say } from "../ground.ts";

test.each([
  ["a record that was cut", "service.json", (text: string) => text.slice(0, 400)],
  ["a record that is JSON, and no record", "service.json", () => "{}"],
  ["a certificate that is none", "certificates/server-1.pem", () => "no certificate"],
])("%s: the others are listed, and of this one what is wrong", async (_, file, damage) => {
  await using place = await ground();
  const { services } = place;
  const whole = await services.create("whole");
  const torn = await services.create("torn");
  await services.powerOff("torn");
  const path = join(torn.folder, file);
  const before = await readFile(path, "utf8");
  await writeFile(path, damage(before));
  try {
    const listed = await services.list();
    expect(listed.map(({ name, state }) => [name, state])).toEqual([
      ["torn", "DAMAGED"],
      ["whole", "RUNNING"],
    ]);
    expect(listed[0]?.notifications.join()).toContain(path);
    expect(JSON.stringify(listed[0])).not.toContain(torn.uriParams.password);
    expect(listed[1]?.uri).toBe(whole.uri);
    expect(await say(place, whole.uri, ["PING"])).toEqual(["PONG"]);
    expect(await services.create("another")).toMatchObject({ state: "RUNNING" });
    await services.terminate("another");
    // Alone it is an error, and nothing pretends that it could be used.
    await expect(services.get("torn")).rejects.toMatchObject({ code: "SERVICE_STATE" });
  } finally {
    await rm(path);
    await writeFile(path, before, { mode: 0o600 });
  }
});
