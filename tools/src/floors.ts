// The architecture as data. `layers.ts` holds the code to it; docs and CONTRIBUTING explain it.

/**
 * What one workspace may import of another.
 * - `face`: the package's main entry, `@redoubt/client`.
 * - `subpaths`: any entry that its `exports` name, `@redoubt/client/net`.
 * - `tests`: any entry, and only from its tests.
 */
export type Access = "face" | "subpaths" | "tests";

/** Importer, then imported. What is not here may not be imported. Keys are folders of `packages/`, `examples`, `drills` and `tools`. */
export const packageTable: Readonly<Record<string, Readonly<Record<string, Access>>>> = {
  client: { server: "tests" },
  server: {},
  tunnel: { client: "subpaths", server: "tests" },
  // The laboratory's caches are real servers.
  network: { client: "subpaths", server: "subpaths" },
  shell: { client: "subpaths", server: "tests" },
  services: { client: "subpaths", server: "subpaths", tunnel: "subpaths" },
  // Of services what this machine's user has once: the CA, the folder of state, locks, how processes are told apart.
  apphost: {
    client: "subpaths",
    server: "subpaths",
    tunnel: "subpaths",
    network: "subpaths",
    services: "subpaths",
  },
  console: { client: "face", tunnel: "face", network: "face", services: "face", apphost: "face" },
  cli: {
    client: "face",
    server: "face",
    tunnel: "face",
    network: "face",
    shell: "face",
    services: "face",
    // Whoever only starts an app's process does not load what that process is made of.
    apphost: "subpaths",
    console: "face",
  },
  examples: { client: "subpaths", server: "face", services: "face", apphost: "face" },
  drills: { client: "face", server: "face" },
  tools: { server: "tests" },
};

/**
 * Inside a package: its folders (or files directly in `src`), and which others each may import. Imports only fall, and
 * siblings do not know each other, except as said here. A folder that is not here may not be.
 */
export const folderTables: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  client: {
    // 1
    version: [],
    "error-rows": [],
    "error-table": ["error-rows"],
    errors: ["error-table"],
    explain: ["errors"],
    // 2
    protocol: ["errors"],
    config: ["errors"],
    tls: ["errors", "config"],
    credentials: ["errors", "config"],
    tracing: ["errors", "protocol"],
    // 3
    commands: ["errors", "protocol"],
    net: ["errors", "protocol", "config", "tls", "credentials", "tracing", "commands"],
    testing: ["errors", "protocol"],
    discovery: ["errors", "config", "protocol", "commands", "net"],
    // 4: entities work on whatever executes commands, and `client.as()` hands them out
    entities: ["errors", "commands"],
    // Large values piece by piece, over whatever executes commands.
    values: ["commands"],
    // Kept replies, which the client fills and empties.
    cache: ["errors", "commands"],
    client: [
      "version",
      "errors",
      "protocol",
      "config",
      "tls",
      "credentials",
      "tracing",
      "commands",
      "net",
      "discovery",
      "entities",
      "cache",
    ],
    // 5
    pool: ["version", "errors", "config", "commands", "net", "discovery", "cache", "client"],
    // Leases of a Sentinel's master come from a pool.
    sentinel: [
      "version",
      "errors",
      "config",
      "tls",
      "commands",
      "net",
      "discovery",
      "cache",
      "client",
      "pool",
    ],
    cluster: ["version", "errors", "protocol", "config", "commands", "net", "discovery", "cache", "client"],
    // Clients that configuration knows by name.
    named: ["errors", "config", "credentials", "client", "cluster"],
    telemetry: ["version", "errors", "tracing"],
    adapters: [
      "errors",
      "config",
      "tls",
      "credentials",
      "net",
      "client",
      "pool",
      "sentinel",
      "cluster",
      "cache",
    ],
    // 6
    index: [
      "version",
      "errors",
      "explain",
      "protocol",
      "config",
      "tls",
      "credentials",
      "tracing",
      "commands",
      "net",
      "discovery",
      "client",
      "pool",
      "sentinel",
      "cluster",
      "cache",
      "entities",
      "values",
      "named",
      "telemetry",
    ],
  },
  tunnel: {
    // 1: bytes between two sockets, and what they are
    bytes: [],
    resp: ["bytes"],
    observe: [],
    // 2: who is let in, and how the other side is reached
    listen: ["bytes", "observe"],
    status: ["listen", "observe"],
    access: ["resp", "observe", "listen"],
    upstream: ["bytes", "resp", "observe"],
    // 3: the three roles
    relay: ["bytes", "listen", "access", "upstream", "observe"],
    redis: ["bytes", "resp", "listen", "access", "upstream", "observe", "status"],
    terminator: ["bytes", "resp", "listen", "access", "upstream", "observe", "status", "relay"],
    // 4: how they are asked for
    stunnel: ["bytes", "listen", "access", "upstream", "observe", "status", "relay"],
    config: ["listen", "access", "upstream", "observe", "redis", "terminator"],
    tunnel: [
      "listen",
      "access",
      "upstream",
      "observe",
      "status",
      "relay",
      "redis",
      "terminator",
      "stunnel",
      "config",
    ],
    // 5
    parts: ["listen", "relay"],
    index: [
      "bytes",
      "listen",
      "access",
      "upstream",
      "observe",
      "status",
      "relay",
      "redis",
      "terminator",
      "stunnel",
      "config",
      "tunnel",
    ],
  },
  services: {
    // 1: what is said about services, and what can be asked of them
    contract: [],
    catalog: ["contract"],
    // 2: files, locks, certificates, users, servers
    state: ["contract", "catalog"],
    identity: ["contract", "state"],
    users: ["contract", "catalog", "state"],
    nodes: ["contract", "catalog", "state", "identity", "users"],
    routes: ["contract", "catalog", "state", "identity", "nodes"],
    // 3: what is done to a service that runs
    backups: ["contract", "catalog", "state", "nodes"],
    metrics: ["contract", "catalog", "state", "nodes"],
    logs: ["contract", "catalog", "state", "nodes"],
    simulate: ["contract", "catalog", "state", "identity", "users", "nodes", "routes"],
    // 4: the process that keeps a service, and how others talk to it
    orders: ["contract", "state"],
    keeper: [
      "contract",
      "catalog",
      "state",
      "identity",
      "users",
      "nodes",
      "routes",
      "backups",
      "metrics",
      "logs",
      "simulate",
      "orders",
    ],
    // 5: the face
    services: [
      "contract",
      "catalog",
      "state",
      "identity",
      "users",
      "routes",
      "backups",
      "metrics",
      "logs",
      "simulate",
      "orders",
    ],
    machine: ["state", "identity"],
    index: ["contract", "catalog", "state", "metrics", "simulate", "services"],
  },
  shell: {
    // 1: lines into words, replies into text
    line: [],
    reply: ["line"],
    // 2: what is asked for, whom it is asked of, what is known of commands
    target: ["line", "reply"],
    session: ["line", "reply", "target"],
    guard: [],
    hints: ["line", "reply"],
    editor: [],
    world: ["target"],
    usage: ["target"],
    // 3: what can be done
    modes: ["line", "reply", "target", "session", "guard", "hints", "editor", "world"],
    run: ["line", "reply", "target", "session", "guard", "modes", "world", "usage"],
    index: ["target", "world", "run"],
  },
  network: {
    // 1: what a network is, and what Microsoft's pages say as data
    model: [],
    tables: ["model"],
    // 2
    plan: ["model", "tables"],
    exports: ["model"],
    judge: ["model", "tables"],
    // 3
    findings: ["model", "tables", "plan", "judge"],
    report: ["model", "tables", "exports", "judge", "findings"],
    // The live side: what is seen, what that means, and who puts it together. Checks do no I/O.
    probes: ["model", "tables"],
    checks: ["model", "tables", "probes"],
    doctor: ["model", "tables", "probes", "checks"],
    // Attempts to connect, with statistics; and a network of this machine's own.
    tcping: [],
    lab: ["model", "tables", "plan", "judge"],
    // 4
    index: [
      "model",
      "tables",
      "plan",
      "exports",
      "judge",
      "findings",
      "report",
      "probes",
      "checks",
      "doctor",
      "tcping",
      "lab",
    ],
  },
  apphost: {
    // 1: rules of names, infrastructure as data, what is kept for the user, TypeScript for Node
    names: [],
    template: ["names"],
    secrets: [],
    loader: [],
    // How an app's file is started, and what its process tells.
    launch: ["loader"],
    // 2: what an app is
    model: ["names", "secrets"],
    // 3: what it is made of
    resources: ["names", "template", "loader", "model"],
    // 4: what is done with it
    provision: ["names", "template", "secrets", "model", "resources"],
    run: ["names", "secrets", "loader", "model", "resources", "provision"],
    publish: ["names", "template", "model", "resources"],
    // 5
    "built-app": ["launch", "model", "resources", "provision", "run", "publish"],
    builder: ["model", "resources", "built-app"],
    index: [
      "names",
      "template",
      "loader",
      "model",
      "resources",
      "provision",
      "run",
      "publish",
      "built-app",
      "builder",
    ],
  },
  drills: {
    // The process with the clients; the stage, which starts it and breaks things, knows only how to talk to it.
    subject: [],
    drill: ["subject"],
    stage: ["subject"],
    drills: ["drill", "stage"],
    programme: ["drill", "drills"],
    verdict: ["drill"],
    perform: ["drill", "verdict"],
    report: ["subject", "verdict", "perform"],
    main: ["programme", "perform", "report"],
  },
};

/** The only `index.ts` that others inside its package may read: the families of commands, as one object. */
export const sharedIndexes: ReadonlySet<string> = new Set(["packages/client/src/commands/index.ts"]);
