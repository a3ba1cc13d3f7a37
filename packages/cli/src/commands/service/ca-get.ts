import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { writeWhole } from "../../service/file.ts";

/** Adds `redoubt service ca-get`. */
export function addServiceCaGet(service: Command, invocation: Invocation): void {
  service
    .command("ca-get")
    .description("Print the certificate of the CA that all services of this machine share, PEM.")
    .option("--target-filepath <file>", "write it there")
    .action(async ({ targetFilepath }: { readonly targetFilepath?: string }) => {
      const services = await openHome(invocation);
      const { certificate } = await services.ca();
      if (targetFilepath === undefined) invocation.output.exact(certificate);
      else {
        await writeWhole(resolve(targetFilepath), certificate, 0o644);
        invocation.output.note(`Written to ${invocation.output.foreign(targetFilepath)}.`);
      }
      invocation.exitCode = exitCodes.ok;
    });
}
