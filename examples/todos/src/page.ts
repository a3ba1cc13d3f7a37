import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";

const folder = new URL("../page/", import.meta.url);

const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
} as const;

const files = {
  "/": ["index.html", types.html],
  "/style.css": ["style.css", types.css],
  "/list.css": ["list.css", types.css],
  "/icon.svg": ["icon.svg", types.svg],
  "/page.js": ["page.js", types.js],
  "/api.js": ["api.js", types.js],
  "/order.js": ["order.js", types.js],
  "/drag.js": ["drag.js", types.js],
  "/row.js": ["row.js", types.js],
} as const;

/** Nothing but the page's own files and requests; no inline script, no frame around it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Serves the page at `/`. Its files are read once; only the names listed here can be asked for. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers({
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });
  for (const [path, [name, type]] of Object.entries(files)) {
    const content = await readFile(new URL(name, folder));
    app.get(path, (_request, reply) => reply.type(type).header("cache-control", "no-cache").send(content));
  }
}
