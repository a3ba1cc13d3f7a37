import type { RedoubtError } from "@redoubt/client";
import { groupId, userId } from "./accounts.ts";
import type { Section } from "./parse.ts";
import { problemAt, problemOf } from "./place.ts";
import { resolveTls } from "./resolve-tls.ts";
import { resolveVerification } from "./resolve-verification.ts";
import { serviceName } from "./server-name.ts";
import type { Service, SocketSettings } from "./service.ts";
import type { DebugLevel } from "./values/debug-level.ts";

/** Makes a section runnable. What contradicts itself is added to `problems`; the result is then not to be run. */
export function resolveService(section: Section, debug: DebugLevel, problems: RedoubtError[]): Service {
  const { name, place, settings } = section;
  const client = settings.last("client")?.value ?? false;
  const certificate = settings.last("cert")?.value ?? null;
  const accept = settings.all("accept").map(({ value, place }) => ({ endpoint: value, place }));
  const connect = settings.all("connect").map(({ value }) => value);
  const answersFor = client ? [] : virtualNames(section, problems);
  const redirect = settings.all("redirect");
  const whole = (code: Parameters<typeof problemOf>[1], what: string, hint: string): void =>
    void problems.push(problemOf(section, code, what, hint));

  if (accept.length + answersFor.length === 0 || connect.length === 0)
    whole(
      "CONFIG_MISSING",
      "Each service must define two endpoints",
      accept.length + answersFor.length === 0
        ? "Add where to listen: accept = 127.0.0.1:6379"
        : "Add where to connect to: connect = HOST:PORT",
    );
  if (accept.length > 0 && answersFor.length > 0)
    whole(
      "CONFIG_INVALID_VALUE",
      "A section with sni = SERVICE:PATTERN cannot have accept",
      "Remove accept: the section named by sni accepts for this one.",
    );
  if (!client && certificate === null)
    whole(
      "CONFIG_MISSING",
      "TLS server needs a certificate",
      "Add cert = FILE and key = FILE, or client = yes where TLS is to be spoken to the other side.",
    );
  const protocol = settings.last("protocol");
  if (client && protocol !== undefined)
    problems.push(
      problemAt(
        protocol.place,
        "CONFIG_INVALID_VALUE",
        "The 'proxy' protocol is not supported in the client mode",
        "Remove the line: it is for server sections, which tell their target who is connected.",
      ),
    );
  for (const { place } of client ? redirect : [])
    problems.push(
      problemAt(place, "CONFIG_INVALID_VALUE", "redirect works in server sections only", "Remove the line."),
    );
  return {
    name,
    place,
    client,
    accept,
    connect,
    redirect: redirect.map(({ value }) => value),
    files: {
      cert: certificate,
      key: settings.last("key")?.value ?? certificate,
      ca: settings.last("CAfile")?.value || null,
      caDirectory: settings.last("CApath")?.value || null,
      crl: settings.last("CRLfile")?.value ?? null,
      crlDirectory: settings.last("CRLpath")?.value ?? null,
    },
    verification: resolveVerification(section, client, problems),
    tls: resolveTls(section, problems),
    servername: client ? serviceName(settings, connect) : null,
    answersFor,
    busyLimit: settings.last("TIMEOUTbusy")?.value ?? 300_000,
    closeLimit: settings.last("TIMEOUTclose")?.value ?? 60_000,
    connectLimit: settings.last("TIMEOUTconnect")?.value ?? 10_000,
    idleLimit: settings.last("TIMEOUTidle")?.value ?? 43_200_000,
    delay: settings.last("delay")?.value ?? false,
    failover: settings.last("failover")?.value ?? "prio",
    localAddress: settings.last("local")?.value ?? null,
    proxyHeader: settings.last("protocol")?.value === "proxy",
    resets: settings.last("reset")?.value ?? true,
    local: socketSettings(section, "l"),
    remote: socketSettings(section, "r"),
    ipv6Only: settings.all("socket").some(({ value }) => value.name === "IPV6_V6ONLY" && value.value === 1),
    debug: settings.last("debug")?.value ?? debug,
    connectionId: settings.last("logId")?.value ?? "sequential",
    socketOwner: socketOwner(section, problems),
  };
}

function virtualNames(section: Section, problems: RedoubtError[]): Service["answersFor"] {
  return section.settings.all("sni").map(({ value, place }) => {
    const colon = value.indexOf(":");
    const primary = value.slice(0, Math.max(colon, 0));
    const pattern = value.slice(colon + 1).toLowerCase();
    if (primary === "" || pattern === "" || /(?!^)\*/.test(pattern))
      problems.push(
        problemAt(
          place,
          "CONFIG_INVALID_VALUE",
          "Invalid SNI parameter format",
          "Write sni = SECTION:PATTERN; a pattern is a host name, and may begin with a star: *.example.com.",
        ),
      );
    return { primary, pattern, place };
  });
}

function socketSettings({ settings }: Section, socket: "l" | "r"): SocketSettings {
  const values = new Map<string, number>();
  // A connection begins with what is set on the socket that accepted it; of TCP_NODELAY both kinds have a default of their own.
  const sources = socket === "l" ? (["a", "l"] as const) : (["r"] as const);
  for (const source of sources)
    for (const { value } of settings.all("socket"))
      if (value.socket === source && !(source === "a" && value.name === "TCP_NODELAY"))
        values.set(value.name, value.value);
  const idle = values.get("TCP_KEEPIDLE") ?? null;
  return {
    noDelay: values.get("TCP_NODELAY") !== 0,
    keepAlive: (values.get("SO_KEEPALIVE") ?? 0) === 1,
    keepIdle: idle,
  };
}

function socketOwner(section: Section, problems: RedoubtError[]): Service["socketOwner"] {
  const user = section.settings.last("setuid");
  const group = section.settings.last("setgid");
  if (user === undefined && group === undefined) return null;
  const uid = user === undefined ? -1 : userId(user.value);
  const gid = group === undefined ? -1 : groupId(group.value);
  const hint = "Name a user or group of this machine, or its number.";
  if (user !== undefined && uid === null)
    problems.push(problemAt(user.place, "CONFIG_INVALID_VALUE", "Illegal UID", hint));
  if (group !== undefined && gid === null)
    problems.push(problemAt(group.place, "CONFIG_INVALID_VALUE", "Illegal GID", hint));
  return { uid: uid ?? -1, gid: gid ?? -1 };
}
