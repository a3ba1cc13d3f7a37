import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Resource } from "../model/resource.ts";
import {
  type JavaScriptResource,
  NodeAppResource,
  ScriptAppResource,
  ViteAppResource,
} from "../resources/node-app.ts";

/** The image that programs run in: it runs TypeScript as it is. */
const image = "node:24-alpine";

/** Name of the generated Dockerfile, beside the manifest. */
export function dockerfileName(resource: JavaScriptResource): string {
  return `${resource.name}.Dockerfile`;
}

/** Whether a program becomes an image by a generated Dockerfile. What Vite serves while developing is nothing to deploy. */
export function isBuilt(resource: Resource): resource is NodeAppResource | ScriptAppResource {
  return (
    resource instanceof NodeAppResource ||
    (resource instanceof ScriptAppResource && !(resource instanceof ViteAppResource))
  );
}

const installs: Readonly<
  Record<JavaScriptResource["packageManager"], readonly [lock: string, locked: string, free: string]>
> = {
  npm: ["package-lock.json", "npm ci --omit=dev", "npm install --omit=dev"],
  yarn: ["yarn.lock", "corepack enable && yarn install --immutable", "corepack enable && yarn install"],
  pnpm: [
    "pnpm-lock.yaml",
    "corepack enable && pnpm install --prod --frozen-lockfile",
    "corepack enable && pnpm install --prod",
  ],
  bun: [
    "bun.lock",
    "npm install --global bun && bun install --production --frozen-lockfile",
    "npm install --global bun && bun install --production",
  ],
};

/**
 * A Dockerfile for a program of JavaScript or TypeScript: packages first, so that they are installed anew only when they change,
 * then the program, which runs as the image's own user. Arguments are those of the manifest.
 */
export function dockerfile(resource: JavaScriptResource): string {
  const folder = resource.workingDirectory;
  const [lock, locked, free] = installs[resource.packageManager];
  const hasLock = existsSync(join(folder, lock));
  const manifest = existsSync(join(folder, "package.json"));
  return [
    `FROM ${image}`,
    "WORKDIR /app",
    ...(manifest
      ? [`COPY package.json ${hasLock ? `${lock} ` : ""}./`, `RUN ${hasLock ? locked : free}`]
      : []),
    "COPY . .",
    "ENV NODE_ENV=production",
    "USER node",
    resource instanceof NodeAppResource
      ? `ENTRYPOINT ["node"]\nCMD [${JSON.stringify(resource.script)}]`
      : `ENTRYPOINT [${JSON.stringify(resource.packageManager)}]`,
    "",
  ].join("\n");
}

/**
 * What does not get into the image, for the builder to find beside the Dockerfile: packages of this machine, which may be of
 * another system, settings with secrets, and what publishing itself writes.
 *
 * @param folder where publishing writes
 */
export function dockerignore(resource: JavaScriptResource, folder: string): string {
  const output = relative(resource.workingDirectory, folder).split(sep).join("/");
  const inside = output !== "" && !output.startsWith("..");
  return ["**/node_modules", "**/.git", "**/.env*", ...(inside ? [output] : []), ""].join("\n");
}
