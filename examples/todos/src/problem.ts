import { RedoubtError } from "@redoubt/client";
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from "fastify";
import { contentLimit } from "./todo.ts";

/** The body of every answer that is not 2xx: `{ error: { code, field, message } }`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** The field of the body or the path parameter that is wrong; `body` for the whole; else `null`. */
  readonly field: string | null;

  constructor(status: number, code: string, field: string | null, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.field = field;
  }

  toJSON(): { error: { code: string; field: string | null; message: string } } {
    return { error: { code: this.code, field: this.field, message: this.message } };
  }
}

/** 404 for a todo that is not there. */
export function missing(id: number): Problem {
  return new Problem(404, "NOT_FOUND", "id", `There is no todo ${id}.`);
}

/** Answers a request that no route takes. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split("?", 1)[0];
  answer(reply, new Problem(404, "NO_ROUTE", null, `There is no ${request.method} ${path}.`));
}

/** Answers every error as a {@link Problem}; what the caller cannot mend is logged. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ err: error }, problem.code);
  if (problem.status === 503) void reply.header("retry-after", "1");
  answer(reply, problem);
}

function answer(reply: FastifyReply, problem: Problem): void {
  void reply.code(problem.status).send(problem.toJSON());
}

function problemOf(error: FastifyError | Problem | RedoubtError): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RedoubtError) return redisProblem(error);
  const [invalid] = error.validation ?? [];
  if (invalid !== undefined) return fieldProblem(invalid);
  const status = error.statusCode ?? 500;
  switch (error.code) {
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return new Problem(400, "BAD_JSON", "body", "The body must be JSON.", error);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem(
        415,
        "NOT_JSON",
        "body",
        "Send the body with content-type: application/json.",
        error,
      );
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem(413, "BODY_TOO_LARGE", "body", "The body is too large for a todo.", error);
    default:
      return status < 500
        ? new Problem(status, "BAD_REQUEST", null, error.message, error)
        : new Problem(500, "INTERNAL", null, "The service failed; its log says more.", error);
  }
}

/** Addresses and reasons stay in the log; the caller learns whether waiting helps. */
function redisProblem(error: RedoubtError): Problem {
  const answered = error.code.startsWith("REPLY_") && !error.transient;
  return answered
    ? new Problem(500, "INTERNAL", null, "Redis refused what the service asked; its log says more.", error)
    : new Problem(503, "REDIS_UNAVAILABLE", null, "Redis is away. Try again in a moment.", error);
}

/** What is wrong with one field, from what the JSON schema said. */
function fieldProblem({ keyword, instancePath, params }: FastifySchemaValidationError): Problem {
  const field = instancePath.slice(1).split("/", 1)[0] || "body";
  const bad = (code: string, name: string, message: string) => new Problem(400, code, name, message);
  if (field === "id" && keyword === "pattern")
    return bad("BAD_ID", "id", "The id must be a whole number from 1, of at most 15 digits.");
  switch (keyword) {
    case "required": {
      const name = String(params["missingProperty"]);
      return bad("MISSING", name, `${name} is missing.`);
    }
    case "additionalProperties": {
      const name = String(params["additionalProperty"]);
      return bad(
        "UNKNOWN_FIELD",
        name,
        `A todo has no ${JSON.stringify(name)}: use content, order and done.`,
      );
    }
    case "maxLength":
      return bad("TOO_LONG", field, `${field} must not be longer than ${contentLimit} characters.`);
    case "pattern":
      return bad("EMPTY", field, `${field} must not be empty.`);
    case "minimum":
    case "maximum":
      return bad(
        "OUT_OF_RANGE",
        field,
        `${field} must be ${String(params["comparison"])} ${String(params["limit"])}.`,
      );
    default:
      return bad("WRONG_TYPE", field, `${field} must be of type ${String(params["type"])}.`);
  }
}
