import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";

/** Adds `redoubt service rotate-certificate`. */
export function addServiceRotateCertificate(service: Command, invocation: Invocation): void {
  service
    .command("rotate-certificate <name>")
    .description("Serve a new certificate of the same CA; no connection is dropped.")
    .action(async (name: string) => {
      const services = await openHome(invocation);
      const { certificate } = await services.rotateCertificate(name);
      invocation.output.line(certificate.fingerprint);
      invocation.output.note(`Valid until ${certificate.expires}, for ${certificate.names.join(", ")}.`);
      invocation.exitCode = exitCodes.ok;
    });
}
