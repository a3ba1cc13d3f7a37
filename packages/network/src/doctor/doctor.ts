import { parse, RedoubtError, type Target } from "@redoubt/client";
import { describeTarget, lint, providerNamed } from "@redoubt/client/config";
import { endpointName } from "../probes/endpoint-name.ts";
import type { Evidence } from "../probes/evidence.ts";
import { sentinelTarget } from "../probes/sentinel-facts.ts";
import { claimsOf } from "../probes/token.ts";
import { probeWaysOut } from "../probes/way-out.ts";
import { examineEndpoint } from "./examine-endpoint.ts";
import { examineBehindSentinels, examineServer, measure } from "./examine-server.ts";
import { observe } from "./observe.ts";
import type { DoctorOptions } from "./options.ts";
import { findingsOf } from "./order.ts";
import type { DoctorResult } from "./result.ts";
import { scrub } from "./scrub.ts";
import { type DoctorSettings, settingsOf } from "./settings.ts";
import { verdictOf } from "./verdict.ts";

/**
 * Finds out why a connection string does not connect, or what is wrong although it does. It dials as a client does, then looks
 * deeper where that failed: every DNS server, every address and the ports around, TLS versions and certificates, who logs in, what
 * the server tells, the nodes that it announces. Every probe has a deadline. Credentials go to verified peers only.
 *
 * @param connection a connection string of any dialect, or what was made of one
 * @throws RedoubtError of the family `CONFIG_` for a string or settings that cannot be used, `CLOSED_ABORTED` when it is aborted
 * @example
 * const { verdict, findings } = await doctor("cache.example.com:6380,password=…,ssl=True");
 * console.log(verdict.summary, findings[0]?.fixes[0]?.says);
 */
export async function doctor(
  connection: string | Target,
  options: DoctorOptions = {},
): Promise<DoctorResult> {
  const start = performance.now();
  const target = typeof connection === "string" ? parse(connection) : connection;
  const settings = settingsOf(options);
  const evidence = await orAborted(gather(target, settings), settings.signal);
  const findings = findingsOf(evidence);
  const stages = evidence.endpoints.flatMap(({ dialling }) =>
    dialling.stages.map((stage) => ({ endpoint: endpointName(dialling.endpoint), ...stage })),
  );
  const result: DoctorResult = {
    target: describeTarget(target),
    at: new Date(evidence.now).toISOString(),
    ms: performance.now() - start,
    stages,
    observations: observe(evidence),
    findings,
    latency: evidence.latency,
    verdict: verdictOf(evidence, findings),
  };
  return scrub(result, target);
}

async function gather(target: Target, settings: DoctorSettings): Promise<Evidence> {
  const provider = providerNamed(target.provider);
  const dialled = sentinelTarget(target);
  const masterName = target.sentinel?.masterName ?? null;
  const examined = target.endpoints.map((endpoint) =>
    examineEndpoint(dialled, endpoint, provider, masterName, settings),
  );
  const evidence = Promise.all(examined.map((one) => one.evidence));
  const behind =
    target.sentinel === null
      ? Promise.all(examined.map(({ dialling }) => dialling)).then((all) =>
          examineServer(target, all, settings),
        )
      : evidence.then((all) =>
          examineBehindSentinels(
            target,
            all.map(({ sentinel }) => sentinel),
            settings,
          ),
        );
  const [endpoints, { server, nodes, measurable }, waysOut] = await Promise.all([
    evidence,
    behind,
    settings.dependencies ? probeWaysOut(settings.timeout) : null,
  ]);
  return {
    target,
    provider,
    now: Date.now(),
    lint: lint(target),
    endpoints,
    token: claimsOf(target.password),
    server,
    nodes,
    waysOut,
    ...(await measure(measurable, settings)),
  };
}

/** Probes end by their deadlines; whoever gives up need not wait for them. */
function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(new RedoubtError("CLOSED_ABORTED", "The examination was aborted", { cause: signal.reason }));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
