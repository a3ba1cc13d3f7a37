import { dirname, join } from "node:path";
import { socketFolder } from "@redoubt/services/machine";

/** Where what a running app keeps on this machine lies: its folder of state (0700). */
export class AppPlaces {
  readonly folder: string;

  /** @param folder of the app's state: `stateFolder` of its model */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Folder with all of Redoubt's state. */
  get home(): string {
    return dirname(dirname(this.folder));
  }

  /** Held for as long as the app runs. */
  get lock(): string {
    return join(this.folder, "lock");
  }

  /** Which process runs it, and where that answers. */
  get record(): string {
    return join(this.folder, "running.json");
  }

  /** The processes that were started for it. */
  get processes(): string {
    return join(this.folder, "processes.json");
  }

  get ports(): string {
    return join(this.folder, "ports.json");
  }

  /** Files with the authorities that a resource is to trust. */
  trust(resource: string): string {
    return join(this.folder, "trust", `${resource}.pem`);
  }

  /** Data of a volume. */
  volume(name: string): string {
    return join(this.folder, "volumes", name);
  }

  get sockets(): string {
    return socketFolder(this.folder, "run", "app.sock");
  }

  get socket(): string {
    return join(this.sockets, "app.sock");
  }
}

/** Folder of all apps. */
export function appsFolder(home: string): string {
  return join(home, "apps");
}
