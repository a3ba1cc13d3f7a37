import { answerLine } from "../checks/dns/answer-line.ts";
import { nodeLine } from "../checks/nodes/node-lines.ts";
import { probeLine, wayLine } from "../checks/tcp/probe-line.ts";
import { day } from "../checks/tls/chain-lines.ts";
import { flowLine, isReached } from "../checks/way-out/flow-lines.ts";
import type { EndpointEvidence, Evidence } from "../probes/evidence.ts";
import type { Observation } from "./result.ts";

/** Everything that was seen besides the stages of dialling, in the order of a connection's life. */
export function observe(evidence: Evidence): Observation[] {
  return [
    ...evidence.endpoints.flatMap(ofEndpoint),
    ...ofServer(evidence),
    ...ofNodes(evidence),
    ...ofWaysOut(evidence),
  ];
}

function seen(
  area: Observation["area"],
  line: string,
  ok: boolean | null,
  ms: number | null = null,
): Observation {
  const at = line.indexOf(": ");
  return at < 0
    ? { area, subject: "", detail: line, ok, ms }
    : { area, subject: line.slice(0, at), detail: line.slice(at + 2), ok, ms };
}

function ofEndpoint({ naming, reach, tls }: EndpointEvidence): Observation[] {
  return [
    ...(naming?.answers.map((answer) =>
      seen("dns", answerLine(answer), answer.failure === null, answer.ms),
    ) ?? []),
    ...reach.flatMap(({ dialled, around, way }) => [
      seen("tcp", probeLine(dialled), dialled.state === "open", dialled.ms),
      ...around.map((probe) => seen("tcp", probeLine(probe), null, probe.ms)),
      { area: "tcp" as const, subject: "way", detail: wayLine(way), ok: way.source !== null, ms: null },
    ]),
    ...(tls === null
      ? []
      : [
          ...tls.handshake.chain.map(({ subject, issuer, names, validFrom, validTo }, at) => ({
            area: "tls" as const,
            subject: at === 0 ? "certificate" : "issuer",
            detail: `${subject}${at === 0 && names.length > 0 ? `, for ${names.join(", ")}` : ""}, by ${issuer}, ${day(validFrom)} to ${day(validTo)}`,
            ok: null,
            ms: null,
          })),
          ...Object.entries(tls.versions).flatMap(([version, ok]) =>
            ok === null ? [] : [seen("tls", `${version}: ${ok ? "accepted" : "refused"}`, null)],
          ),
          ...tls.revocation.map(({ url, state, ms }) => ({
            area: "tls" as const,
            subject: url,
            detail: state,
            ok: state === "answers",
            ms,
          })),
        ]),
  ];
}

/** Fields of `INFO` that tell how a server does. */
const fields = [
  "redis_version",
  "valkey_version",
  "redis_mode",
  "role",
  "uptime_in_seconds",
  "connected_clients",
  "maxclients",
  "used_memory_human",
  "maxmemory_human",
  "maxmemory_policy",
  "evicted_keys",
  "rejected_connections",
] as const;

function ofServer({ server, idleCut, token, now }: Evidence): Observation[] {
  const line = (
    subject: string,
    detail: string,
    ok: boolean | null = null,
    ms: number | null = null,
  ): Observation => ({ area: "server", subject, detail, ok, ms });
  const facts =
    server === null
      ? []
      : [
          ...(server.user === null ? [] : [{ ...line("user", server.user), area: "auth" as const }]),
          ...fields.flatMap((name) =>
            server.info[name] === undefined ? [] : [line(name, server.info[name])],
          ),
          ...Object.entries(server.config)
            .filter(([name]) => !fields.some((field) => field === name.replace(/-/g, "_")))
            .map(([name, value]) => line(name, value)),
          ...(server.clockAhead === null
            ? []
            : [line("clock", `${Math.round(server.clockAhead)} ms ahead of the server's`)]),
          ...(server.setGet === null
            ? []
            : [line("set and get", server.setGet.detail, server.setGet.ok, server.setGet.ms)]),
        ];
  const cut =
    idleCut === null
      ? []
      : [
          line(
            "idle",
            idleCut.cutAfter === null
              ? `silent for ${idleCut.watched / 1000} s and not cut`
              : `cut after ${(idleCut.cutAfter / 1000).toFixed(1)} s (${idleCut.how})`,
            idleCut.cutAfter === null,
          ),
        ];
  const login: Observation[] =
    token?.expiresAt == null
      ? []
      : [
          {
            ...line("token", `ends at ${new Date(token.expiresAt).toISOString()}`, token.expiresAt > now),
            area: "auth",
          },
        ];
  return [...login, ...facts, ...cut];
}

function ofNodes({ nodes }: Evidence): Observation[] {
  return nodes.map((node) => seen("nodes", nodeLine(node), node.error === null));
}

function ofWaysOut({ waysOut }: Evidence): Observation[] {
  return (waysOut ?? []).map((flow) =>
    seen("way-out", flowLine(flow), isReached(flow), flow.probe?.ms ?? null),
  );
}
