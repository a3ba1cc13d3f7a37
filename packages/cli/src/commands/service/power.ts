import type { Command } from "commander";
import { duration } from "../../duration.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome, waiting } from "../../service/face.ts";
import { printService } from "../../service/result.ts";

interface PowerFlags {
  readonly timeout?: number;
  readonly json?: true;
}

/** Adds `redoubt service power-on` and `power-off`. */
export function addServicePower(service: Command, invocation: Invocation): void {
  const add = (word: "power-on" | "power-off", description: string): void => {
    service
      .command(`${word} <name>`)
      .description(description)
      .option("--timeout <time>", "how long it may take: 90s", duration("--timeout"))
      .option("--json", "print one JSON document")
      .action(async (name: string, { timeout, json }: PowerFlags) => {
        const services = await openHome(invocation);
        const wait = waiting(invocation, timeout);
        const after = await (word === "power-on"
          ? services.powerOn(name, wait)
          : services.powerOff(name, wait));
        printService(after, json, invocation);
        invocation.exitCode = exitCodes.ok;
      });
  };
  add("power-on", "Start a service that is powered off, with its data, at the same address.");
  add("power-off", "Stop a service; its data and its backups stay.");
}
