import type { ArmAnswer, ArmClient } from "./arm-client.ts";
import { isFault } from "./arm-error.ts";
import type { OperationState } from "./events.ts";
import { provisioningState, settled, type Wait } from "./operation.ts";
import { deploymentId, idOf, type Place } from "./place.ts";
import type { Template } from "./unit.ts";

/** Version of the REST interface of deployments: in all clouds, and it knows templates with symbolic names. */
const version = "2022-09-01";
/** Of groups and lists of resources. */
const groupVersion = "2021-04-01";

/** A template with what it is given. */
export interface DeploymentBody {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, { readonly value: unknown }>>;
  /** Where Azure keeps the record of deployments that are in no group. */
  readonly location: string;
}

/** A deployment as Azure has it. */
export interface DeploymentRecord {
  readonly id: string;
  /** `Accepted`, `Running`, `Succeeded`, `Failed`, `Canceled` */
  readonly state: string;
  readonly outputs: Readonly<Record<string, OutputRecord>>;
  /** Ids of what was made. */
  readonly resources: readonly string[];
  readonly error: unknown;
}

/** An output as Azure gives it; one that is secure has no value. */
export interface OutputRecord {
  readonly type: string;
  readonly value?: unknown;
}

/** The REST interface of deployments, at any scope. */
export class Deployments {
  readonly #client: ArmClient;

  constructor(client: ArmClient) {
    this.#client = client;
  }

  /** Begins a deployment (Incremental: what is not in the template stays). The answer tells how to wait for it. */
  begin(place: Place, name: string, body: DeploymentBody, signal: AbortSignal): Promise<ArmAnswer> {
    return this.#client.request({
      method: "PUT",
      path: deploymentId(place, name),
      version,
      body: bodyOf(place, body),
      what: `Deploying ${name}`,
      signal,
    });
  }

  /** Waits until a deployment has ended. */
  async finish(id: string, first: ArmAnswer, wait: Omit<Wait, "client" | "resource">): Promise<void> {
    await settled(first, { ...wait, client: this.#client, resource: { path: id, version } });
  }

  /** @returns `null` where there is none of that id */
  async get(
    id: string,
    signal: AbortSignal,
  ): Promise<(DeploymentRecord & { readonly answer: ArmAnswer }) | null> {
    const answer = await this.#client.request({
      method: "GET",
      path: id,
      version,
      what: "Reading the deployment",
      signal,
      also: [404],
    });
    return answer.status === 404 ? null : { ...recordOf(answer.body), answer };
  }

  /** What Azure is at, resource by resource; best effort, because it is only shown. */
  async operations(id: string, signal: AbortSignal): Promise<readonly OperationState[]> {
    const list = await this.#client.list({
      path: `${id}/operations`,
      version,
      what: "Reading the operations",
      signal,
    });
    return list.flatMap((each) => {
      const { provisioningState: state, targetResource } =
        (each as { properties?: OperationProperties }).properties ?? {};
      const { resourceType, resourceName } = targetResource ?? {};
      return resourceType === undefined || resourceName === undefined
        ? []
        : [{ type: resourceType, name: resourceName, state: state ?? "Unknown" }];
    });
  }

  /** Asks Azure to end a deployment. @returns whether it was still under way */
  async cancel(id: string, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#client.request({
      method: "POST",
      path: `${id}/cancel`,
      version,
      what: "Canceling the deployment",
      signal,
      also: [404, 409],
    });
    return status < 300;
  }

  /** What a deployment would change. @returns the document `{ status, properties: { changes }, error }` */
  async whatIf(
    place: Place,
    name: string,
    body: DeploymentBody,
    wait: Omit<Wait, "client" | "resource">,
  ): Promise<unknown> {
    const request = bodyOf(place, body);
    const first = await this.#client.request({
      method: "POST",
      path: `${deploymentId(place, name)}/whatIf`,
      version,
      body: {
        ...request,
        properties: { ...request.properties, whatIfSettings: { resultFormat: "FullResourcePayloads" } },
      },
      what: wait.what,
      signal: wait.signal,
    });
    return (await settled(first, { ...wait, client: this.#client })).body;
  }

  /** Location of a group; `null` where it is not there. Only "not found" says so: any other failure is one. */
  async group(place: Place & { kind: "group" }, signal: AbortSignal): Promise<GroupRecord | null> {
    try {
      const { body } = await this.#client.request({
        method: "GET",
        path: idOf(place),
        version: groupVersion,
        what: `Reading the group ${place.group}`,
        signal,
      });
      const { location, tags } = body as { location?: string; tags?: Record<string, string> };
      const state = provisioningState(body);
      return { location: location ?? "", tags: tags ?? {}, state: state ?? "Succeeded" };
    } catch (error) {
      if (isFault(error, "ResourceGroupNotFound")) return null;
      throw error;
    }
  }

  async makeGroup(
    place: Place & { kind: "group" },
    { location, tags }: { readonly location: string; readonly tags: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#client.request({
      method: "PUT",
      path: idOf(place),
      version: groupVersion,
      body: { location, tags },
      what: `Making the group ${place.group}`,
      signal,
    });
  }

  /** Removes a group with all that is in it, and waits until it is gone. */
  async removeGroup(
    place: Place & { kind: "group" },
    wait: Omit<Wait, "client" | "resource">,
  ): Promise<void> {
    const first = await this.#client.request({
      method: "DELETE",
      path: idOf(place),
      version: groupVersion,
      what: wait.what,
      signal: wait.signal,
      also: [404],
    });
    if (first.status !== 404) await settled(first, { ...wait, client: this.#client });
  }

  /** Ids, in lower case, of the resources that are directly in a group; `null` where the group is not there. */
  async resourcesIn(
    place: Place & { kind: "group" },
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | null> {
    try {
      const list = await this.#client.list({
        path: `${idOf(place)}/resources`,
        version: groupVersion,
        what: `Listing the group ${place.group}`,
        signal,
      });
      return new Set(list.map((each) => String((each as { id?: unknown }).id).toLowerCase()));
    } catch (error) {
      if (isFault(error, "ResourceGroupNotFound")) return null;
      throw error;
    }
  }
}

/** A group as Azure has it. */
export interface GroupRecord {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly state: string;
}

interface OperationProperties {
  readonly provisioningState?: string;
  readonly targetResource?: { readonly resourceType?: string; readonly resourceName?: string };
}

function bodyOf(place: Place, { template, parameters, location }: DeploymentBody) {
  return {
    ...(place.kind !== "group" && { location }),
    properties: { mode: "Incremental", template, parameters },
  };
}

function recordOf(body: unknown): DeploymentRecord {
  const { id, properties = {} } = body as { id?: string; properties?: Record<string, unknown> };
  const made = properties["outputResources"];
  return {
    id: id ?? "",
    state: provisioningState(body) ?? "Unknown",
    outputs: (properties["outputs"] as Record<string, OutputRecord> | null | undefined) ?? {},
    resources: Array.isArray(made) ? made.map((each) => String((each as { id?: unknown }).id)) : [],
    error: properties["error"] ?? null,
  };
}
