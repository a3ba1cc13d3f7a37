import type { Resource } from "./resource.ts";

/** Resources that wait for each other, the first one again at the end; `null` when there are none. */
export function waitCircle(resources: readonly Resource[]): readonly Resource[] | null {
  const done = new Set<Resource>();
  const path: Resource[] = [];
  const visit = (resource: Resource): readonly Resource[] | null => {
    const at = path.indexOf(resource);
    if (at >= 0) return [...path.slice(at), resource];
    if (done.has(resource)) return null;
    path.push(resource);
    for (const { on } of resource.waits) {
      const circle = visit(on);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(resource);
    return null;
  };
  for (const resource of resources) {
    const circle = visit(resource);
    if (circle !== null) return circle;
  }
  return null;
}
