import { RedoubtError } from "../errors.ts";
import { readMaterial } from "./material.ts";
import type { Pem, TlsOptions } from "./options.ts";

/**
 * The lists of revoked certificates to look at, or `null` for none.
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`
 */
export async function revocations({ crl, crlFile }: TlsOptions): Promise<string[] | null> {
  if (crl !== undefined) return [crl].flat().flatMap((pem) => listsIn(pem, "tls.crl"));
  if (crlFile === undefined) return null;
  return listsIn(await readMaterial(crlFile, "tls.crlFile"), `tls.crlFile: the file ${crlFile}`);
}

/** Each list as a PEM text of its own: OpenSSL would read the first one only. */
function listsIn(material: Pem, from: string): string[] {
  const found = material.toString().match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g);
  if (found !== null) return found;
  throw new RedoubtError(
    "CONFIG_KEY_MATERIAL",
    `${from} holds no list of revoked certificates; PEM begins with -----BEGIN X509 CRL-----`,
  );
}
