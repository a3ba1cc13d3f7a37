import { runQuietly, SetupError } from "./child.mjs";
import { isOnPath, missingPrograms } from "./programs.mjs";

/** @typedef {import("./programs.mjs").Program} Program */

/** How each package manager is asked, in the order in which they are looked for. */
const managers = [
  { name: "apt", program: "apt-get", command: "sudo apt-get install" },
  { name: "brew", program: "brew", command: "brew install" },
  { name: "dnf", program: "dnf", command: "sudo dnf install" },
  { name: "pacman", program: "pacman", command: "sudo pacman -S" },
  { name: "apk", program: "apk", command: "sudo apk add" },
  { name: "zypper", program: "zypper", command: "sudo zypper install" },
];

// Debian's packages start their service at once and at every boot. Redoubt starts its own servers, so while these are
// installed nothing may be started (policy-rc.d answers 101, "forbidden"), and afterwards their units are disabled.
// A server that the user already had is not touched: then nothing was missing and none of this runs.
const aptScript = `
package=$1; shift
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=60 "$package"; }
install || { apt-get update -q && install; } || exit 1
for service in "$@"; do
  command -v systemctl > /dev/null && systemctl disable "$service" > /dev/null 2>&1
done
exit 0
`;

const isRoot = process.getuid?.() === 0;

/** @returns {Promise<boolean>} whether programs may be installed with apt-get without asking anybody */
async function mayUseApt() {
  if (isRoot) return true;
  return isOnPath("sudo") && (await runQuietly("sudo", ["-n", "true"], { timeout: 10_000 })).ok;
}

/**
 * @param {Program} program
 * @returns {Promise<string | null>} null when it is there now, else one line: what to do
 */
async function install(program) {
  const manager = managers.find((candidate) => isOnPath(candidate.program));
  const name = manager === undefined ? undefined : program.packages[manager.name];
  if (manager === undefined || name === undefined) {
    return process.platform === "win32"
      ? `${program.name} does not run on Windows: use WSL.`
      : `Install ${program.name} (package ${program.packages["apt"]} on Debian) so that one of these is on the PATH: ${program.anyOf.join(", ")}.`;
  }
  const advice = `Install it: ${manager.command} ${name}`;
  if (process.env["REDOUBT_NO_INSTALL"]) return `${advice} (REDOUBT_NO_INSTALL is set).`;

  const timeout = 600_000;
  if (manager.name === "brew") {
    console.error(`Installing ${program.name} (brew install ${name}) …`);
    const env = { ...process.env, HOMEBREW_NO_AUTO_UPDATE: "1" };
    return verdict(await runQuietly("brew", ["install", ...name.split(" ")], { timeout, env }), advice);
  }
  if (manager.name !== "apt" || !(await mayUseApt())) return `${advice}.`;
  console.error(`Installing ${program.name} (apt-get install ${name}) …`);
  const script = ["sh", "-c", aptScript, "sh", name, ...program.services];
  const [file = "sh", ...args] = isRoot ? script : ["sudo", "-n", ...script];
  return verdict(await runQuietly(file, args, { timeout }), advice);
}

/**
 * @param {{ ok: boolean, output: string }} result
 * @param {string} advice
 */
function verdict({ ok, output }, advice) {
  return ok ? null : `Installing failed: ${output.split("\n").at(-1)}. ${advice}`;
}

/** Whether a missing program is a failure. Empty and `false` mean no. */
const isCi = !["", "false"].includes(process.env["CI"] ?? "");

/**
 * Installs the programs that are missing, where that is possible without asking anybody.
 *
 * @param {"start" | "test"} purpose
 * @throws {SetupError} when a required one is missing; under CI, when any is
 */
export async function ensurePrograms(purpose) {
  for (const program of missingPrograms(purpose)) {
    // Installed together with the one before it.
    if (program.anyOf.some(isOnPath)) continue;
    let problem = await install(program);
    if (problem === null && !program.anyOf.some(isOnPath))
      problem = "It was installed and is not on the PATH.";
    if (problem === null) continue;
    const line = `Missing: ${program.name}. ${problem}`;
    if (program.required || isCi) throw new SetupError(line);
    console.error(`${line} The tests that need it are skipped.`);
  }
}
