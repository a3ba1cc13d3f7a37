export { type Speech, speechOf } from "./bytes/first-byte.ts";
