import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { writeWhole } from "../../service/file.ts";

interface Flags {
  readonly username: string;
  readonly targetDirectory?: string;
}

/** Adds `redoubt service user-creds-download`: `ca.pem`, `service.cert`, `service.key`. */
export function addServiceUserCredsDownload(service: Command, invocation: Invocation): void {
  const { output } = invocation;
  service
    .command("user-creds-download <name>")
    .description("Write the CA's certificate and a client certificate with its key.")
    .requiredOption("--username <user>", "whose certificate")
    .option("-d, --target-directory <folder>", "where to (default: the working directory)")
    .action(async (name: string, { username, targetDirectory = "." }: Flags) => {
      const services = await openHome(invocation);
      const { certificate, key } = await services.userCertificate(name, username);
      const ca = await services.ca();
      const files = [
        ["ca.pem", ca.certificate, 0o644],
        ["service.cert", certificate, 0o644],
        ["service.key", key, 0o600],
      ] as const;
      for (const [file, text, mode] of files) {
        const path = resolve(targetDirectory, file);
        await writeWhole(path, text, mode);
        output.line(path);
      }
      invocation.exitCode = exitCodes.ok;
    });
}
