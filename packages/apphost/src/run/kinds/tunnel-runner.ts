import { readFile } from "node:fs/promises";
import { createTunnel, type Tunnel } from "@redoubt/tunnel";
import type { HealthCheck, Resource } from "../../model/resource.ts";
import type { TunnelResource } from "../../resources/tunnel.ts";
import type { Body, Life, Runner } from "../life/runner.ts";
import { lasting } from "../life/runner.ts";
import { urlsOf } from "./urls.ts";
import type { Workshop } from "./workshop.ts";

/** Opens a tunnel inside this process. */
export class TunnelRunner implements Runner {
  readonly checks: readonly HealthCheck[];
  readonly #resource: TunnelResource;
  readonly #workshop: Workshop;
  #tunnel: Tunnel | null = null;

  constructor(resource: TunnelResource, workshop: Workshop) {
    this.#resource = resource;
    this.#workshop = workshop;
    this.checks = [
      {
        name: `${resource.name}_check`,
        check: async () => {
          await this.#tunnel?.check();
          return { status: "healthy" };
        },
      },
    ];
  }

  needs(): readonly Resource[] {
    return this.#resource.to.needs;
  }

  async start({ signal, say, show }: Life): Promise<Body> {
    const { endpoints, target, to, auth, primary } = this.#resource;
    await this.#workshop.allocation.ensure({ owner: this.#resource, endpoints, local: true }, say);
    const context = { viewpoint: "host", signal } as const;
    const text = (await to.resolve(context)) ?? "";
    this.#workshop.masker.add(text);
    const authority = await target.trust?.resolve(context);
    const { port } = await primary.allocated.get(signal);
    const tunnel = await createTunnel({
      to: text,
      listen: `127.0.0.1:${port}`,
      auth,
      ...(authority !== undefined && { tls: { ca: await readFile(authority, "utf8") } }),
      log: say,
    });
    this.#tunnel = tunnel;
    show({ urls: await urlsOf(this.#resource, signal) });
    return lasting(async () => {
      this.#tunnel = null;
      await tunnel.close({ timeout: 1_000 });
    });
  }
}
