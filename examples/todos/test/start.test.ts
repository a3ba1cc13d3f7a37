import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const dist = new URL("../dist/", import.meta.url);
const main = new URL("main.js", dist).href;

/** How long starting and stopping may take, ms. */
const patience = 60_000;

/** What is still to be ended should a test fail half-way. */
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

interface Run {
  readonly child: ChildProcess;
  /** All that was printed so far. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

function run(args: readonly string[], environment: NodeJS.ProcessEnv): Run {
  if (!existsSync(new URL(dist))) throw new Error("build first: npm run build");
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: "pipe",
  });
  started.push(child);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output, ended };
}

/** `main()` in a process of its own, as `npm start` calls it. */
const start = (environment: NodeJS.ProcessEnv = { PORT: "0", REDIS_HOST: "of.somebody.else" }) =>
  run(
    ["--input-type=module", "-e", `import { main } from ${JSON.stringify(main)}; await main();`],
    environment,
  );

async function printed(of: Run, pattern: RegExp): Promise<RegExpExecArray> {
  const deadline = Date.now() + patience;
  for (;;) {
    const match = pattern.exec(of.output.stdout);
    if (match !== null) return match;
    if (Date.now() > deadline || of.child.exitCode !== null)
      throw new Error(`${pattern} was not printed:\n${of.output.stdout}${of.output.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("took too long")), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Command lines of all processes, one per line: `ps`'s view. */
const processes = () => execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" });

interface Facts {
  readonly address: string;
  readonly redisPort: number;
  readonly passwordFile: string;
  readonly redisCli: string;
}

async function facts(of: Run): Promise<Facts> {
  const [, address = ""] = await printed(of, /Page +(http:\S+)\/\n/);
  const [redisCli, passwordFile = "", port] = await printed(
    of,
    /REDISCLI_AUTH="\$\(cat (\S+)\)" redis-cli .* -p (\d+)/,
  );
  await printed(of, /Ctrl-C/);
  return { address, redisPort: Number(port), passwordFile, redisCli };
}

/** Nothing of a run is left: no process, no port, no file. */
async function expectGone({ address, redisPort, passwordFile }: Facts): Promise<void> {
  const folder = dirname(passwordFile);
  await expect.poll(() => existsSync(folder), { timeout: patience }).toBe(false);
  await expect.poll(() => listens(redisPort), { timeout: patience }).toBe(false);
  await expect.poll(() => listens(Number(new URL(address).port)), { timeout: patience }).toBe(false);
  await expect.poll(processes, { timeout: patience }).not.toContain(folder);
}

describe("npm start", () => {
  it("says where everything is, and no secret, neither printed nor in the list of processes", async () => {
    const todos = start();
    const { address, passwordFile, redisCli, redisPort } = await facts(todos);
    const { stdout } = todos.output;
    expect(stdout).toMatch(new RegExp(`Service URI +rediss://\\S*\\*+@localhost:${redisPort}\\b`));
    expect(stdout).toMatch(/TLS +TLSv1\.3, TLS_\w+/);
    expect(stdout).toMatch(/Certificate +verified for localhost\n/);
    expect(stdout).toMatch(/names: .*localhost/);
    expect(stdout).toMatch(/issuer: .+, days left: \d+/);

    const password = (await readFile(passwordFile, "utf8")).trim();
    expect(password.length).toBeGreaterThan(15);
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(passwordFile))).mode & 0o777).toBe(0o700);
    for (const secret of [password, encodeURIComponent(password)]) {
      expect(todos.output.stdout + todos.output.stderr).not.toContain(secret);
      expect(processes()).not.toContain(secret);
    }

    const added = await fetch(`${address}/todo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ content: "bread" }),
    });
    expect(added.status).toBe(201);
    const stored = execFileSync("sh", ["-c", `${redisCli} GET urn:todo:1`], {
      encoding: "utf8",
      timeout: patience,
    });
    expect(JSON.parse(stored)).toEqual({ id: 1, content: "bread", order: 1, done: false });

    todos.child.kill("SIGINT");
    await inTime(todos.ended);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("stops everything on %s, with exit code 130", async (signal) => {
    const todos = start();
    const known = await facts(todos);
    expect(await listens(known.redisPort)).toBe(true);
    todos.child.kill(signal);
    // A second one in the middle of it must not leave anything behind.
    todos.child.kill(signal);
    expect(await inTime(todos.ended)).toBe(130);
    expect(todos.output.stderr).toBe("\nStopping…\n");
    await expectGone(known);
  });

  it("stops everything when interrupted while it starts", async () => {
    const todos = start();
    const redis = new RegExp(`^ *\\d+ +${todos.child.pid} .*(redis|valkey)-server.*`, "m");
    await expect.poll(processes, { timeout: patience, interval: 20 }).toMatch(redis);
    todos.child.kill("SIGINT");
    expect(await inTime(todos.ended)).toBe(130);
    expect(todos.output.stdout).toBe("");
    expect(processes()).not.toMatch(new RegExp(`^ *\\d+ +${todos.child.pid} `, "m"));
  });

  it("leaves nothing behind even when it is killed", async () => {
    const todos = start();
    const known = await facts(todos);
    todos.child.kill("SIGKILL");
    expect(await inTime(todos.ended)).toBeNull();
    await expectGone(known);
  });

  it("stops everything and exits with 1 when the service cannot start", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const todos = start({ PORT: String(port) });
    expect(await inTime(todos.ended)).toBe(1);
    taken.close();
    expect(todos.output.stderr).toContain(`Port ${port} is taken`);
    expect(todos.output.stdout).toBe("");
    expect(processes()).not.toMatch(new RegExp(`^ *\\d+ +${todos.child.pid} `, "m"));
  });

  it("stops everything and exits with 1 when the service ends by itself", async () => {
    const todos = start();
    const known = await facts(todos);
    const line = new RegExp(`^ *(\\d+) +${todos.child.pid} .*service\\.js`, "m").exec(processes());
    process.kill(Number(line?.[1]), "SIGKILL");
    expect(await inTime(todos.ended)).toBe(1);
    expect(todos.output.stderr).toContain("The todo service ended by itself (SIGKILL).");
    await expectGone(known);
  });
});

describe("the service on its own", () => {
  const service = (environment: NodeJS.ProcessEnv) =>
    run([fileURLToPath(new URL("service.js", dist))], environment);

  it.each([
    [{}, "REDIS_URL"],
    [{ REDIS_URL: "rediss://localhost:1", PORT: "http" }, "PORT"],
    [{ REDIS_URL: "rediss://localhost:1", LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [{ REDIS_URL: "rediss://:s3cr3t-word@localhost:0x1" }, "port"],
  ])("refuses %j, naming %s and no secret", async (environment, name) => {
    const { output, ended } = service(environment);
    expect(await inTime(ended)).toBe(1);
    expect(output.stdout).toBe("");
    expect(output.stderr).toContain(name);
    expect(output.stderr).not.toContain("s3cr3t-word");
  });

  it("says what is wrong when Redis cannot be reached", async () => {
    const { output, ended } = service({ REDIS_URL: "rediss://:s3cr3t-word@127.0.0.1:1", PORT: "0" });
    expect(await inTime(ended)).toBe(1);
    expect(output.stderr).toContain("TCP_REFUSED");
    expect(output.stderr).not.toContain("s3cr3t-word");
  });
});
