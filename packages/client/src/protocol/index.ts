export { Decoder } from "./decoder.ts";
export { Encoder } from "./encoder.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { asBuffers, asObject, asSent, asStrings, type ReplySink } from "./reply.ts";
export { replyError } from "./reply-error.ts";
export { Gathered, Marked, type MarkedKind, type TypedReply } from "./typed.ts";
