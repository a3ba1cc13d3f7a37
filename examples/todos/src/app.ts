import type { Client } from "@redoubt/client";
import fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { healthRoutes } from "./health.ts";
import { pageRoutes } from "./page.ts";
import { answerError, answerNotFound } from "./problem.ts";
import { todoRoutes } from "./routes.ts";

/** Largest body, in bytes: a todo of the longest content, every character escaped. */
const bodyLimit = 16_384;

/** The todo service over a client that the caller connects and closes. Logs nothing unless `logger` is given. */
export async function todoApp(
  client: Client,
  options: Pick<FastifyServerOptions, "logger"> = {},
): Promise<FastifyInstance> {
  const app = fastify({
    ...options,
    bodyLimit,
    frameworkErrors: answerError,
    // Wrong types and unknown fields are told, not bent or dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  // Leaves JSON: a form of another site cannot send that without asking first.
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  await pageRoutes(app);
  healthRoutes(app, client);
  todoRoutes(app, client);
  return app;
}
