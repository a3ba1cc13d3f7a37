import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * A program of the system that Redoubt or its tests run.
 *
 * @typedef {object} Program
 * @property {string} name what the message calls it
 * @property {readonly string[]} anyOf names (or absolute paths) of which one must be executable
 * @property {"start" | "test"} neededBy `start` needs only its own, `test` needs all
 * @property {boolean} required whether nothing works without it; else the tests that need it are skipped
 * @property {Readonly<Record<string, string>>} packages name of its package, by package manager
 * @property {NodeJS.Platform} [platform] the only one that has it; default: all have it
 * @property {readonly string[]} services what Debian's package would start, and must not
 */

/** @type {readonly Program[]} */
export const programs = [
  {
    name: "redis-server",
    anyOf: ["redis-server", "valkey-server"],
    neededBy: "start",
    required: true,
    packages: {
      apt: "redis-server",
      brew: "redis",
      dnf: "valkey",
      pacman: "valkey",
      apk: "redis",
      zypper: "redis",
    },
    services: ["redis-server"],
  },
  {
    name: "redis-cli",
    anyOf: ["redis-cli", "valkey-cli"],
    neededBy: "test",
    required: false,
    packages: {
      apt: "redis-tools",
      brew: "redis",
      dnf: "valkey",
      pacman: "valkey",
      apk: "redis",
      zypper: "redis",
    },
    services: [],
  },
  {
    name: "redis-sentinel",
    // `redis-server --sentinel` is the same program.
    anyOf: ["redis-sentinel", "valkey-sentinel", "redis-server", "valkey-server"],
    neededBy: "test",
    required: false,
    packages: {
      apt: "redis-sentinel",
      brew: "redis",
      dnf: "valkey",
      pacman: "valkey",
      apk: "redis",
      zypper: "redis",
    },
    services: ["redis-sentinel"],
  },
  {
    name: "chromium",
    anyOf: [
      "chromium",
      "chromium-browser",
      "google-chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    neededBy: "test",
    required: false,
    packages: {
      apt: "chromium",
      brew: "--cask chromium",
      dnf: "chromium",
      pacman: "chromium",
      apk: "chromium",
    },
    services: [],
  },
  {
    name: "stunnel",
    anyOf: ["stunnel4", "stunnel"],
    neededBy: "test",
    required: false,
    packages: {
      apt: "stunnel4",
      brew: "stunnel",
      dnf: "stunnel",
      pacman: "stunnel",
      apk: "stunnel",
      zypper: "stunnel",
    },
    services: ["stunnel4"],
  },
  {
    name: "haproxy",
    anyOf: ["haproxy", "/usr/sbin/haproxy"],
    neededBy: "test",
    required: false,
    packages: {
      apt: "haproxy",
      brew: "haproxy",
      dnf: "haproxy",
      pacman: "haproxy",
      apk: "haproxy",
      zypper: "haproxy",
    },
    services: ["haproxy"],
  },
  {
    name: "hitch",
    anyOf: ["hitch", "/usr/sbin/hitch"],
    neededBy: "test",
    required: false,
    packages: { apt: "hitch", brew: "hitch", dnf: "hitch", pacman: "hitch", apk: "hitch" },
    services: ["hitch"],
  },
  {
    name: "tmux",
    anyOf: ["tmux"],
    neededBy: "test",
    required: false,
    packages: { apt: "tmux", brew: "tmux", dnf: "tmux", pacman: "tmux", apk: "tmux", zypper: "tmux" },
    services: [],
  },
  // What a laboratory is made of: redoubt network lab.
  {
    name: "ip",
    anyOf: ["ip", "/usr/sbin/ip", "/sbin/ip"],
    neededBy: "test",
    required: false,
    platform: "linux",
    packages: { apt: "iproute2", dnf: "iproute", pacman: "iproute2", apk: "iproute2", zypper: "iproute2" },
    services: [],
  },
  {
    name: "nft",
    anyOf: ["nft", "/usr/sbin/nft", "/sbin/nft"],
    neededBy: "test",
    required: false,
    platform: "linux",
    packages: { apt: "nftables", dnf: "nftables", pacman: "nftables", apk: "nftables", zypper: "nftables" },
    services: ["nftables"],
  },
  {
    name: "dnsmasq",
    anyOf: ["dnsmasq", "/usr/sbin/dnsmasq"],
    neededBy: "test",
    required: false,
    platform: "linux",
    // Debian's dnsmasq would start a service; this is the program alone.
    packages: { apt: "dnsmasq-base", dnf: "dnsmasq", pacman: "dnsmasq", apk: "dnsmasq", zypper: "dnsmasq" },
    services: [],
  },
  {
    name: "redis-py",
    // A library: its folder stands for it.
    anyOf: ["/usr/lib/python3/dist-packages/redis"],
    neededBy: "test",
    required: false,
    packages: { apt: "python3-redis" },
    services: [],
  },
];

/**
 * @param {string} name of a program, or an absolute path
 * @returns {boolean} whether it can be run
 */
export function isOnPath(name) {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = name.startsWith("/") ? [name] : folders.map((folder) => join(folder, name));
  return paths.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * @param {"start" | "test"} purpose
 * @returns {Program[]} those that `purpose` needs and that are not there
 */
export function missingPrograms(purpose) {
  return programs.filter(
    ({ neededBy, anyOf, platform = process.platform }) =>
      (purpose === "test" || neededBy === "start") && platform === process.platform && !anyOf.some(isOnPath),
  );
}
