import { RedoubtError } from "@redoubt/client";
import type { Secret } from "@redoubt/client/config";
import { Guard } from "./guard/guard.ts";
import { toByteText } from "./line/bytes.ts";
import { runBigKeys } from "./modes/big-keys.ts";
import { terminalConfirm } from "./modes/confirm.ts";
import { runDump } from "./modes/dump.ts";
import { failureText } from "./modes/failure-text.ts";
import { runHotKeys } from "./modes/hot-keys.ts";
import { runScan } from "./modes/keys.ts";
import { runLatency } from "./modes/latency.ts";
import { runLatencySpectrum } from "./modes/latency-spectrum.ts";
import { runCommand, runScript } from "./modes/one-shot.ts";
import { Out } from "./modes/out.ts";
import { runPipe } from "./modes/pipe.ts";
import { runRepl } from "./modes/repl.ts";
import { type Scene, talk } from "./modes/scene.ts";
import { runStat } from "./modes/stat.ts";
import { type Format, formatPush } from "./reply/format.ts";
import { Session } from "./session/session.ts";
import { readArguments } from "./target/arguments.ts";
import { type Plan, planFrom } from "./target/plan.ts";
import type { Settings } from "./target/settings.ts";
import { usageText } from "./usage.ts";
import type { World } from "./world.ts";

const authWarning =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.";

/**
 * Runs a shell: redis-cli's command line, over a verified connection.
 *
 * @param argv what follows `redoubt cli`
 * @returns the exit code: 0, or 1 where redis-cli has 1 (`-e`, `--pipe` with errors)
 * @throws RedoubtError when the command line cannot be used, the connection cannot be opened or breaks, or the user interrupts
 */
export async function runShell(argv: readonly string[], world: World): Promise<number> {
  const settings = readArguments(argv);
  const out = new Out(world.stdout);
  if (settings.mode === "help" || settings.mode === "version") {
    await out.write(settings.mode === "help" ? toByteText(usageText()) : `redoubt cli ${world.version}\n`);
    return 0;
  }
  const plan = await planOf(settings, world);
  const format = formatOf(settings, world);
  const signal = AbortSignal.any([world.signal, out.gone]);
  const session = sessionOf(plan, settings, { world, out, format, signal });
  const canAsk = world.stdin.isTTY && world.stderr.isTTY;
  const guard = new Guard({
    production: plan.production,
    confirmed: settings.confirmed === true,
    confirm: canAsk ? terminalConfirm(world.stdin, world.stderr) : null,
  });
  const scene: Scene = { world, settings, session, format, guard, out, signal, isInteractive: false };
  try {
    return await perform(scene);
  } catch (error) {
    // Whoever read the output has seen enough.
    if (out.gone.aborted) return 0;
    throw error;
  } finally {
    session.close();
    await out.flush();
  }
}

async function planOf(settings: Settings, world: World): Promise<Plan> {
  let plan = await planFrom(settings.target, world.environment, world.resolveService);
  const { password } = plan.target;
  if (settings.askPassword) {
    const asked = await asking(world)(plan.target.username);
    plan = { ...plan, target: { ...plan.target, password: asked } };
  } else if (password !== null && !settings.noAuthWarning && isOnCommandLine(settings, password)) {
    talk({ world }, authWarning);
  }
  if (plan.dial.tls?.dangerouslySkipVerification)
    talk({ world }, "--insecure: the certificate is not verified; anybody in between can read the password.");
  for (const secret of [plan.target.password, plan.target.tls.passphrase])
    if (secret !== null) world.hide?.(secret);
  return plan;
}

function isOnCommandLine({ target }: Settings, password: Secret): boolean {
  if (target.password !== undefined) return true;
  const text = password.reveal();
  return (
    target.uri !== undefined && (target.uri.includes(text) || target.uri.includes(encodeURIComponent(text)))
  );
}

function asking({ askPassword }: World): (user: string | null) => Promise<Secret> {
  if (askPassword !== undefined) return askPassword;
  throw new RedoubtError("CONFIG_MISSING", "--askpass needs a terminal.", {
    hint: "Without one, set REDISCLI_AUTH.",
  });
}

function formatOf({ format, delimiter, end }: Settings, { stdout, environment }: World): Format {
  const isForPeople = stdout.isTTY || environment["FAKETTY"] !== undefined;
  return {
    name: format ?? (isForPeople ? "tty" : "raw"),
    delimiter: toByteText(delimiter ?? "\n"),
    end: toByteText(end ?? "\n"),
  };
}

function sessionOf(
  plan: Plan,
  settings: Settings,
  { world, out, format, signal }: Pick<Scene, "world" | "out" | "format" | "signal">,
): Session {
  const { options } = plan.target;
  const isJson = format.name === "json" || format.name === "quoted-json";
  const said = settings.protocol ?? (options["protocol"] === 3 ? 3 : undefined);
  const showsPushes = settings.showPushes ?? world.stdout.isTTY;
  return new Session({
    plan,
    protocol: said ?? (isJson ? 3 : 2),
    protocolIsWish: said === undefined,
    cluster: settings.cluster === true || options["cluster"] === true,
    signal,
    onPush: (values, isMessage) => {
      if (showsPushes || isMessage) void out.write(formatPush(values, format));
    },
    onRedirect: (slot, { host, port }) => {
      if (settings.mode === undefined && settings.words.length === 0)
        void out.write(`-> Redirected to slot [${slot}] located at ${host}:${port}\n`);
    },
  });
}

async function perform(scene: Scene): Promise<number> {
  const { settings, session, world } = scene;
  const isRepl = settings.mode === undefined && settings.words.length === 0 && !settings.lastFromStdin;
  const [first = ""] = settings.words;
  const needsNobody = /^(help|\?)$/i.test(first) && settings.mode === undefined;
  try {
    if (!needsNobody) await session.connect();
  } catch (error) {
    // At a prompt one can try again.
    if (!isRepl || !world.stdin.isTTY || !(error instanceof RedoubtError) || scene.signal.aborted)
      throw error;
    talk(scene, failureText(error));
  }
  if (session.wantsPassword) await logIn(scene, isRepl || /^(auth|hello)$/i.test(first));
  return isRepl ? runRepl(scene) : runMode(scene);
}

/** Where the server wants a password and none was given: asks for it, where somebody is there and no command will bring it. */
async function logIn({ world, session, settings }: Scene, mayFollow: boolean): Promise<void> {
  const { askPassword } = world;
  const canAsk = askPassword !== undefined && (settings.words.length === 0 || !mayFollow);
  if (canAsk) {
    const { username } = session;
    const password = await askPassword(username);
    world.hide?.(password);
    session.state.login = { username, password };
    await session.connect();
  } else if (!mayFollow) {
    throw new RedoubtError("AUTH_REQUIRED", "The server wants a password, and none was given", {
      stage: "auth",
    });
  }
}

function runMode(scene: Scene): Promise<number> {
  switch (scene.settings.mode) {
    case "pipe":
      return runPipe(scene);
    case "scan":
      return runScan(scene);
    case "bigkeys":
      return runBigKeys(scene, false);
    case "memkeys":
      return runBigKeys(scene, true);
    case "hotkeys":
      return runHotKeys(scene);
    case "stat":
      return runStat(scene);
    case "latency":
      return runLatency(scene, false);
    case "latency-history":
      return runLatency(scene, true);
    case "latency-dist":
      return runLatencySpectrum(scene);
    case "rdb":
      return runDump(scene, false);
    case "functions-rdb":
      return runDump(scene, true);
    case "eval":
      return runScript(scene);
    default:
      return runCommand(scene);
  }
}
