import type { Endpoint } from "../../model/endpoint.ts";
import type { Resource } from "../../model/resource.ts";
import { Workload } from "../../model/workload.ts";
import type { Input } from "../../template/expr.ts";
import type { PortNumbers } from "../manifest/bindings.ts";

/** Whether it speaks HTTP, with TLS or without. */
export function isHttp({ scheme }: Endpoint): boolean {
  return scheme === "http" || scheme === "https";
}

/** The endpoint that a container app is known for: the first of HTTP, else the first. */
export function mainEndpoint(owner: Resource): Endpoint | undefined {
  if (!(owner instanceof Workload)) return undefined;
  return owner.endpoints.find(isHttp) ?? owner.endpoints[0];
}

/** How a container app is reached; nothing for a program that listens nowhere. */
export function ingressOf(workload: Workload, ports: PortNumbers): Input {
  const main = mainEndpoint(workload);
  if (main === undefined) return undefined;
  const more = workload.endpoints.filter((one) => one !== main && ports.of(one) !== ports.of(main));
  const external =
    main.external || (isHttp(main) && workload.endpoints.some((one) => isHttp(one) && one.external));
  return {
    external,
    targetPort: ports.of(main),
    exposedPort: !isHttp(main) && main.port !== undefined ? main.port : undefined,
    transport: isHttp(main) ? "http" : "tcp",
    additionalPortMappings:
      more.length === 0
        ? undefined
        : more.map((one) => ({ external: one.external, targetPort: ports.of(one), exposedPort: one.port })),
  };
}
