import { RedoubtError } from "../errors.ts";

/**
 * Loads a package that is needed only for this.
 * @param purpose what needs it, for the message
 * @throws RedoubtError `CONFIG_MISSING` naming the package
 */
export async function optionalPackage<Package>(name: string, purpose: string): Promise<Package> {
  try {
    return (await import(name)) as Package;
  } catch (cause) {
    if (!isAbsent(cause as NodeJS.ErrnoException, name)) throw cause;
    throw new RedoubtError("CONFIG_MISSING", `${purpose} needs the package ${name}, which is not installed`, {
      hint: `npm install ${name}`,
      cause,
    });
  }
}

function isAbsent({ code, message }: NodeJS.ErrnoException, name: string): boolean {
  // Vite puts a module in the place of an optional peer that is absent, which throws this when it is loaded.
  return code === "ERR_MODULE_NOT_FOUND" || message.startsWith(`Could not resolve "${name}"`);
}
