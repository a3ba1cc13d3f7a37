import type { MakeModule } from "../contract/module.ts";

/** What keepers do beside keeping servers. */
export const modules: readonly MakeModule[] = [];
