import type { Service } from "../contract/service.ts";
import type { ServicePlaces } from "../state/places.ts";

/**
 * A service of which nothing but its name can be told, because its files cannot be read: so that a list of all does not fail
 * for one. Its fields are empty; `type` is the default.
 *
 * @param error why; of the codes `SERVICE_`, else of the file system
 */
export function damagedView({ name, folder, project }: ServicePlaces, error: Error): Service {
  return {
    name,
    type: "redis",
    plan: "",
    state: "DAMAGED",
    revision: 0,
    created: "",
    updated: "",
    version: null,
    uri: "",
    uriParams: { host: "", port: 0, user: "", password: "", tls: true },
    components: [],
    route: "terminator",
    idle: 0,
    policy: { commands: "managed", scripts: false },
    userConfig: {},
    users: [],
    nodes: [],
    tags: {},
    // Nobody knows whether it was: what asks must not take that for a yes.
    terminationProtection: true,
    maintenance: { dayOfWeek: "never", time: "00:00:00" },
    plain: null,
    clients: { terminator: 0, direct: 0, plain: 0 },
    caFile: project.caFile,
    certificate: { expires: "", fingerprint: "", names: [], rotations: 0 },
    simulations: [],
    notifications: [error.message],
    keeper: null,
    folder,
  };
}
