import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunGround, written } from "../../run-ground.ts";

/** A program that takes the words of a container engine, and runs a sleeping process for a container. */
const engineProgram = `#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/calls"
case $1 in
  version) echo 99.0 ;;
  ps) cat "$here/left" 2>/dev/null ;;
  run)
    shift
    while [ $# -gt 0 ]; do
      [ "$1" = --name ] && name=$2
      shift
    done
    echo $$ > "$here/$name.pid"
    echo "inside with $TOKEN"
    exec sleep 1000
    ;;
  stop) kill "$(cat "$here/$4.pid")" ;;
esac
exit 0
`;

test("a container runs in a network of the app, with secrets by the environment, and is stopped with the app", async () => {
  const ground = await RunGround.create();
  const program = join(ground.folder, await ground.write("engine", engineProgram));
  await chmod(program, 0o755);
  await ground.write("left", "abc123\n");
  ground.variables["REDOUBT_CONTAINER_ENGINE"] = program;
  ground.variables["Parameters__token"] = "token-of-container";
  const app = ground.builder();
  const token = app.addParameter("token", { secret: true });
  const cache = app.addRedis("cache");
  app
    .addContainer("box", "ghcr.io/owner/box:1.2")
    .withHttpEndpoint({ targetPort: 8080 })
    .withVolume("box-data", "/data")
    .withBindMount("files", "/files", { isReadOnly: true })
    .withEnvironment("TOKEN", token)
    .withEnvironment("PLAIN", "seen")
    .withReference(cache)
    .withArgs("--verbose");
  const engine = await ground.start(app);
  await engine.waitFor("box", "healthy", { timeout: 20_000 });
  await expect.poll(() => written(engine, "box")).toEqual(["inside with *****"]);
  const { port } = await engine.endpoint("box");
  const calls = await readFile(join(ground.folder, "calls"), "utf8");
  const { identity } = engine.app;
  expect(calls).toContain("rm --force abc123\n");
  expect(calls).toContain(
    `network create --label redoubt.app=${identity} redoubt-${identity.slice(0, 12)}\n`,
  );
  const run = calls.split("\n").find((line) => line.startsWith("run ")) ?? "";
  for (const words of [
    `--name box-${identity.slice(0, 8)}`,
    `--network-alias box`,
    `--publish 127.0.0.1:${port}:8080`,
    "--mount type=volume,source=box-data,target=/data",
    `--mount type=bind,source=${join(ground.folder, "files")},target=/files,readonly`,
    "--env TOKEN ",
    "--env PLAIN=seen",
    "--env CACHE_HOST=host.docker.internal",
    "ghcr.io/owner/box:1.2 --verbose",
  ])
    expect(run).toContain(words);
  expect(calls).not.toContain("token-of-container");
  await engine.stop();
  expect(await readFile(join(ground.folder, "calls"), "utf8")).toMatch(/^stop --time \d+ box-/m);
  expect(engine.snapshot("box")).toMatchObject({ state: "Exited", message: "was stopped" });
});
