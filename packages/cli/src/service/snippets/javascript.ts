import { exported, lines, quoted, type Snippet } from "./facts.ts";

/** Redoubt's own client: the connection string says everything. */
export const redoubt: Snippet = {
  name: "redoubt",
  title: "Node.js, @redoubt/client",
  text: (facts) => {
    const make = facts.cluster ? "createCluster" : "createClient";
    return lines(
      `// ${exported("REDIS_URL", "uri --ca", facts)}`,
      `import { ${make} } from "@redoubt/client";`,
      "",
      `const client = await ${make}(process.env.REDIS_URL).connect();`,
      facts.cluster ? 'console.log(await client.get("greeting"));' : "console.log(await client.ping());",
      "await client.close();",
    );
  },
};

/** node-redis 5. */
export const nodeRedis: Snippet = {
  name: "node-redis",
  title: "Node.js, redis",
  text: (facts) => {
    const { tls, caFile, cluster } = facts;
    const socket = `socket: { tls: true, ca: readFileSync(${quoted(caFile)}) },`;
    const url = "process.env.REDIS_URL";
    return lines(
      `// ${exported("REDIS_URL", "uri", facts)}`,
      tls && 'import { readFileSync } from "node:fs";',
      `import { ${cluster ? "createCluster" : "createClient"} } from "redis";`,
      "",
      cluster ? "const { username, password } = new URL(process.env.REDIS_URL);" : false,
      cluster ? "const client = createCluster({" : "const client = createClient({",
      cluster ? `  rootNodes: [{ url: ${url} }],` : `  url: ${url},`,
      cluster && "  defaults: {",
      cluster && "    username: decodeURIComponent(username),",
      cluster && "    password: decodeURIComponent(password),",
      cluster && tls && `    ${socket}`,
      cluster && "  },",
      !cluster && tls && `  ${socket}`,
      "});",
      'client.on("error", (error) => console.error(error.message));',
      "await client.connect();",
      cluster ? 'console.log(await client.get("greeting"));' : "console.log(await client.ping());",
      "await client.close();",
    );
  },
};

/** ioredis 5. */
export const ioredis: Snippet = {
  name: "ioredis",
  title: "Node.js, ioredis",
  text: (facts) => {
    const { tls, caFile, cluster } = facts;
    const ca = `tls: { ca: readFileSync(${quoted(caFile)}) }`;
    const client = cluster
      ? lines(
          "const { hostname: host, port, username, password } = new URL(process.env.REDIS_URL);",
          "const redis = new Cluster([{ host, port: Number(port) }], {",
          tls && "  dnsLookup: (address, done) => done(null, address),",
          "  redisOptions: {",
          "    username: decodeURIComponent(username),",
          "    password: decodeURIComponent(password),",
          tls && `    ${ca},`,
          "  },",
          "});",
        )
      : `const redis = new Redis(process.env.REDIS_URL${tls ? `, { ${ca} }` : ""});`;
    return lines(
      `// ${exported("REDIS_URL", "uri", facts)}`,
      tls && 'import { readFileSync } from "node:fs";',
      `import { ${cluster ? "Cluster" : "Redis"} } from "ioredis";`,
      "",
      client,
      cluster ? 'console.log(await redis.get("greeting"));' : "console.log(await redis.ping());",
      "await redis.quit();",
    );
  },
};
