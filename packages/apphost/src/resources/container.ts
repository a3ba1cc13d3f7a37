import { isAbsolute, resolve } from "node:path";
import type { App } from "../model/app.ts";
import { asValue, type ValueLike } from "../model/expression.ts";
import { fault } from "../model/fault.ts";
import type { Value } from "../model/value.ts";
import { Workload } from "../model/workload.ts";

/** Where an image is: `docker.io/library/redis:8.6`. */
export interface Image {
  /** `docker.io` */
  readonly registry?: string;
  /** `library/redis` */
  readonly name: string;
  /** Default `latest`. */
  readonly tag: string;
}

/** What a container sees at a path: a volume that is kept by its name, or a folder of this machine. */
export interface Mount {
  readonly kind: "volume" | "bind";
  /** Name of the volume, or absolute path of the folder. */
  readonly source: string;
  /** Path inside. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** A program that runs from an image. */
export class ContainerResource extends Workload {
  readonly type: string = "container";
  image: Image;
  entrypoint: string | undefined;
  readonly mounts: Mount[] = [];
  /** `persistent`: it stays when the app ends. */
  lifetime: "session" | "persistent" = "session";
  containerName: string | undefined;
  /** Words for the engine's `run`, before the image. */
  readonly runtimeArgs: Value[] = [];

  /**
   * @param image `redis`, `redis:8.6`, `ghcr.io/owner/name:tag`
   * @throws RedoubtError `APP_NAME`, `APP_MODEL` for an image without a name
   */
  constructor(app: App, name: string, image: string, tag?: string) {
    super(app, name);
    this.image = readImage(image, tag);
  }

  override get containerised(): boolean {
    return true;
  }

  /** `docker.io/library/redis:8.6`, as engines want it. */
  get imageReference(): string {
    const { registry, name, tag } = this.image;
    return `${registry === undefined ? "" : `${registry}/`}${name}${tag.startsWith("sha256:") ? "@" : ":"}${tag}`;
  }

  withImage(image: string, tag?: string): this {
    this.image = readImage(image, tag);
    return this;
  }

  withImageTag(tag: string): this {
    this.image = { ...this.image, tag };
    return this;
  }

  withImageRegistry(registry: string): this {
    this.image = { ...this.image, registry };
    return this;
  }

  withEntrypoint(entrypoint: string): this {
    this.entrypoint = entrypoint;
    return this;
  }

  /** Keeps what is at a path from one start to the next. */
  withVolume(name: string, target: string, options: { readonly isReadOnly?: boolean } = {}): this {
    return this.#mount({ kind: "volume", source: name, target, readOnly: options.isReadOnly ?? false });
  }

  /** Shows a folder or file of this machine at a path. */
  withBindMount(source: string, target: string, options: { readonly isReadOnly?: boolean } = {}): this {
    const path = resolve(this.app.directory, source);
    return this.#mount({ kind: "bind", source: path, target, readOnly: options.isReadOnly ?? false });
  }

  withLifetime(lifetime: "session" | "persistent"): this {
    this.lifetime = lifetime;
    return this;
  }

  withContainerName(name: string): this {
    this.containerName = name;
    return this;
  }

  withContainerRuntimeArgs(...args: readonly ValueLike[]): this {
    this.runtimeArgs.push(...args.map(asValue));
    return this;
  }

  #mount(mount: Mount): this {
    if (!isAbsolute(mount.target))
      throw fault(
        "APP_MODEL",
        `the path ${JSON.stringify(mount.target)} inside "${this.name}" must start with /`,
      );
    const same = this.mounts.findIndex(({ target }) => target === mount.target);
    if (same < 0) this.mounts.push(mount);
    else this.mounts[same] = mount;
    return this;
  }
}

/** A tag is what stands behind the last colon of the last part: a registry may have a port. */
function readImage(text: string, tag: string | undefined): Image {
  const digest = /^(.+)@(sha256:[0-9a-f]{64})$/.exec(text);
  const tagged = digest ?? /^(.+):([^:/]+)$/.exec(text);
  const path = tagged?.[1] ?? text;
  if (path === "" || path.startsWith("/") || path.endsWith("/"))
    throw fault("APP_MODEL", `${JSON.stringify(text)} names no image`);
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first) || first === "localhost";
  return {
    ...(isRegistry && { registry: first }),
    name: isRegistry ? path.slice(slash + 1) : path,
    tag: tag ?? tagged?.[2] ?? "latest",
  };
}
