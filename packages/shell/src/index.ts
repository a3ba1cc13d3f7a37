export { runShell } from "./run.ts";
export type { NamedService, ResolveService } from "./target/plan.ts";
export type { World } from "./world.ts";
