/** The services there are. */
export const serviceTypes = {
  redis: {
    title: "Redis",
    description: "Redis: in-memory data store",
    /** Program that serves it, looked for on the PATH. */
    program: "redis-server",
    /** What the keys of its own options begin with. */
    prefix: "redis_",
    /** The plan of `create` without one. */
    defaultPlan: "startup-1",
  },
  valkey: {
    title: "Valkey",
    description: "Valkey: in-memory data store, the open continuation of Redis",
    program: "valkey-server",
    prefix: "valkey_",
    defaultPlan: "startup-1",
  },
} as const;

/** Name of a type of service. */
export type ServiceTypeName = keyof typeof serviceTypes;

/** All names of {@link serviceTypes}. */
export const serviceTypeNames = Object.keys(serviceTypes) as ServiceTypeName[];
