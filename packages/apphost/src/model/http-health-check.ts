import { fault } from "./fault.ts";
import type { HealthCheck } from "./resource.ts";
import type { Workload } from "./workload.ts";

/** Asks a program over HTTP, from this machine. Its own certificate is not looked at: it is the program of this machine. */
export function httpHealthCheck(
  workload: Workload,
  options: {
    readonly path?: string;
    readonly statusCode?: number;
    readonly endpointName?: string;
  },
): HealthCheck {
  const { path = "/", statusCode = 200, endpointName } = options;
  const http = workload.endpoints.find(({ scheme }) => scheme === "http" || scheme === "https");
  const endpoint = endpointName === undefined ? http : workload.getEndpoint(endpointName);
  if (endpoint === undefined)
    throw fault("APP_REFERENCE", `"${workload.name}" has no HTTP endpoint to ask`, {
      hint: "Call withHttpEndpoint() first.",
    });
  return {
    name: `${workload.name}_${endpoint.name}_${path}_${statusCode}_check`,
    check: async ({ signal }) => {
      const url = await endpoint.property("url").resolve({ viewpoint: "host", signal });
      const answer = await fetch(new URL(path, url), { signal, redirect: "manual" });
      await answer.body?.cancel();
      return answer.status === statusCode
        ? { status: "healthy" }
        : { status: "unhealthy", message: `GET ${path} answered ${answer.status}` };
    },
  };
}
