import { missingForLab } from "../../../src/lab/runner/needs.ts";

const missing = missingForLab();

/** Why no laboratory can be made here, for titles; empty where one can. */
export const unfit: string = missing.length === 0 ? "" : `(skipped: ${missing[0]})`;

const isCi = !["", "false"].includes(process.env["CI"] ?? "");

// Under CI a program that is missing is a failure. Where nobody is root, nothing can be done about it.
if (unfit !== "" && isCi && process.platform === "linux" && process.getuid?.() === 0) throw new Error(unfit);
