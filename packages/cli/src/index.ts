/** The numbers that `redoubt` exits with, for programs that run it. */
export { type ExitCode, exitCodes } from "./exit-codes.ts";
