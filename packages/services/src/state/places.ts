import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The longest path of a Unix socket that every system takes, bytes: macOS has 104 with the zero at the end. */
const longestSocket = 100;

/** Where everything of the project lies. */
export class Places {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  /** Folder of the services. */
  get services(): string {
    return join(this.home, "services");
  }

  get locks(): string {
    return join(this.home, "locks");
  }

  get events(): string {
    return join(this.home, "events.jsonl");
  }

  /** Folder of the project's CA. */
  get authority(): string {
    return join(this.home, "ca");
  }

  /** Certificate of the project's CA. */
  get caFile(): string {
    return join(this.authority, "ca.pem");
  }

  service(name: string): ServicePlaces {
    return new ServicePlaces(this, name);
  }
}

/** Where everything of one service lies. */
export class ServicePlaces {
  readonly project: Places;
  readonly folder: string;
  readonly name: string;

  constructor(project: Places, name: string, folder = join(project.services, name)) {
    this.project = project;
    this.name = name;
    this.folder = folder;
  }

  /** What the service should be. */
  get record(): string {
    return join(this.folder, "service.json");
  }

  /** How the keeper saw it last. */
  get status(): string {
    return join(this.folder, "status.json");
  }

  /** Taken by whoever changes the service, also before it is there. */
  get lock(): string {
    return join(this.project.locks, `${this.name}.change`);
  }

  /** Taken by the keeper for as long as it lives. */
  get keeperLock(): string {
    return join(this.project.locks, `${this.name}.keeper`);
  }

  get certificates(): string {
    return join(this.folder, "certificates");
  }

  get logs(): string {
    return join(this.folder, "logs");
  }

  node(name: string): string {
    return join(this.folder, "nodes", name);
  }

  /** Folder of Unix sockets. */
  get sockets(): string {
    return socketFolder(this.folder, "run", "sentinel-12.sock");
  }

  /** Where the keeper listens. */
  get keeperSocket(): string {
    return join(this.sockets, "keeper.sock");
  }

  nodeSocket(node: string): string {
    return join(this.sockets, `${node}.sock`);
  }
}

/**
 * Where Unix sockets of something go whose state is in a folder: below it, or, where their paths would be too long, into a
 * private folder among the temporary files.
 * @param below name of the folder inside
 * @param longest the longest name of a socket
 */
export function socketFolder(folder: string, below: string, longest: string): string {
  const inside = join(folder, below);
  if (Buffer.byteLength(join(inside, longest)) <= longestSocket) return inside;
  const { uid } = userInfo();
  const short = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return join(tmpdir(), `redoubt-${uid}`, short);
}
