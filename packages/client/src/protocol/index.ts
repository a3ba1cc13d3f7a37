export { asBuffers, asObject, asStrings, Decoder, type ReplySink } from "./decoder.ts";
export { Encoder } from "./encoder.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { replyError } from "./reply-error.ts";
