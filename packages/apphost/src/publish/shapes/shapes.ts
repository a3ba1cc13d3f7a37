import type { z } from "zod";

/** What resources may look like, by `type@apiVersion`. */
export type Shapes = Readonly<Record<string, z.ZodType>>;
