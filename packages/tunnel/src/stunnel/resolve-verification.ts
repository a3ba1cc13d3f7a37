import type { RedoubtError } from "@redoubt/client";
import type { Section } from "./parse.ts";
import { problemAt, problemOf } from "./place.ts";
import type { Verification } from "./service.ts";

/**
 * What the options about certificates come to, line by line: a later `verify` undoes an earlier `verifyChain` and the other
 * way round, as in stunnel.
 */
export function resolveVerification(
  section: Section,
  client: boolean,
  problems: RedoubtError[],
): Verification {
  const { settings } = section;
  let chain = false;
  let peer = false;
  let required = false;
  let requested = false;
  for (const { name, value } of settings.entries(["verify", "verifyChain", "verifyPeer", "requireCert"])) {
    if (name === "verify") {
      chain = value === 1 || value === 2 || value === 3;
      peer = value === 3 || value === 4;
      required = Number(value) >= 2;
      requested = true;
    } else if (name === "requireCert") required = required || value === true;
    else {
      if (name === "verifyChain") chain = value === true;
      else peer = value === true;
      required = required || value === true;
    }
  }
  const verifies = chain || peer;
  if (verifies && !settings.last("CAfile")?.value && !settings.last("CApath")?.value)
    problems.push(
      problemOf(
        section,
        "CONFIG_MISSING",
        'Either "CAengine", "CAfile" or "CApath" has to be configured',
        peer && !chain
          ? "Add CAfile = FILE with the certificate of the peer itself."
          : "Add CAfile = FILE with the CA that signs the other side's certificate; on Debian, public CAs are in /etc/ssl/certs/ca-certificates.crt.",
      ),
    );
  for (const { value, place } of settings.all("checkHost")) {
    // Found in the wild, where somebody wants to switch the check off: it would demand a certificate for a host called "no".
    if (/^(?:yes|no|true|false)$/i.test(value))
      problems.push(
        problemAt(
          place,
          "CONFIG_INVALID_VALUE",
          "checkHost takes the name of a host",
          "Write the host name that the certificate is for, or remove the line.",
        ),
      );
  }
  const checks = [...settings.all("checkHost"), ...settings.all("checkIP"), ...settings.all("checkEmail")];
  const [first] = checks;
  if (first !== undefined && !verifies)
    problems.push(
      problemAt(
        first.place,
        "CONFIG_INSECURE",
        'Either "verifyChain" or "verifyPeer" has to be enabled',
        "Add verifyChain = yes and CAfile = FILE: the name in a certificate that nobody vouches for means nothing.",
      ),
    );
  return {
    chain,
    peer,
    required: required && (verifies || !client),
    requested: verifies || requested || required,
    hosts: settings.all("checkHost").map(({ value }) => value),
    addresses: settings.all("checkIP").map(({ value }) => value),
    emails: settings.all("checkEmail").map(({ value }) => value),
  };
}
