import type { Snapshot } from "../../model/snapshot.ts";
import type { Workload } from "../../model/workload.ts";

/** The addresses that are shown beside a program: those of its endpoints, then those of `withUrl`. */
export async function urlsOf(workload: Workload, signal: AbortSignal): Promise<Snapshot["urls"]> {
  const context = { viewpoint: "host", signal } as const;
  const ofEndpoints = await Promise.all(
    workload.endpoints.map(async (endpoint) => ({
      name: endpoint.name,
      url: (await endpoint.property("url").resolve(context)) ?? "",
    })),
  );
  const notes = await Promise.all(
    workload.urls.map(async ({ url, text }) => {
      const address =
        typeof url === "string" ? url : url.secret ? "*****" : ((await url.resolve(context)) ?? "");
      return { name: text ?? address, url: address };
    }),
  );
  return [...ofEndpoints, ...notes];
}
