import { limited } from "./auth/limited.ts";
import { missing } from "./auth/missing.ts";
import { notConfigured } from "./auth/not-configured.ts";
import { password } from "./auth/password.ts";
import { tokenExpired } from "./auth/token-expired.ts";
import { tokenOther } from "./auth/token-other.ts";
import { user } from "./auth/user.ts";
import type { Check } from "./check.ts";
import { answersDiffer } from "./dns/answers-differ.ts";
import { hostsFile } from "./dns/hosts-file.ts";
import { nameUnknown } from "./dns/name-unknown.ts";
import { privatelinkDialled } from "./dns/privatelink-dialled.ts";
import { publicAnswer } from "./dns/public-answer.ts";
import { searchDomain } from "./dns/search-domain.ts";
import { serverSilent } from "./dns/server-silent.ts";
import { serverUnaware } from "./dns/server-unaware.ts";
import { silent } from "./dns/silent.ts";
import { zoneOtherProduct } from "./dns/zone-other-product.ts";
import { down } from "./nodes/down.ts";
import { masterUnknown } from "./nodes/master-unknown.ts";
import { masterUnreachable } from "./nodes/master-unreachable.ts";
import { sentinelSilent } from "./nodes/sentinel-silent.ts";
import { unnamed } from "./nodes/unnamed.ts";
import { unreachable } from "./nodes/unreachable.ts";
import { clients } from "./server/clients.ts";
import { clockDiffers } from "./server/clock-differs.ts";
import { database } from "./server/database.ts";
import { idleCut } from "./server/idle-cut.ts";
import { idleTimeout } from "./server/idle-timeout.ts";
import { loading } from "./server/loading.ts";
import { memory } from "./server/memory.ts";
import { notRedis } from "./server/not-redis.ts";
import { otherFailure } from "./server/other-failure.ts";
import { protectedMode } from "./server/protected.ts";
import { replica } from "./server/replica.ts";
import { setGet } from "./server/set-get.ts";
import { slow } from "./server/slow.ts";
import { suspicious } from "./string/suspicious.ts";
import { addressDead } from "./tcp/address-dead.ts";
import { networkApart } from "./tcp/network-apart.ts";
import { noRoute } from "./tcp/no-route.ts";
import { plainPortOff } from "./tcp/plain-port-off.ts";
import { portBlocked } from "./tcp/port-blocked.ts";
import { publicAccessOff } from "./tcp/public-access-off.ts";
import { reset } from "./tcp/reset.ts";
import { serverDown } from "./tcp/server-down.ts";
import { socketFile } from "./tcp/socket-file.ts";
import { wrongPort } from "./tcp/wrong-port.ts";
import { addressDialled } from "./tls/address-dialled.ts";
import { authorityUnknown } from "./tls/authority-unknown.ts";
import { chainInvalid } from "./tls/chain-invalid.ts";
import { cipher } from "./tls/cipher.ts";
import { clientCertificate } from "./tls/client-certificate.ts";
import { clock } from "./tls/clock.ts";
import { closed } from "./tls/closed.ts";
import { expired } from "./tls/expired.ts";
import { expiresSoon } from "./tls/expires-soon.ts";
import { http } from "./tls/http.ts";
import { inspected } from "./tls/inspected.ts";
import { intermediateMissing } from "./tls/intermediate-missing.ts";
import { nameDiffers } from "./tls/name-differs.ts";
import { notYetValid } from "./tls/not-yet-valid.ts";
import { oldVersions } from "./tls/old-versions.ts";
import { plainPort } from "./tls/plain-port.ts";
import { required } from "./tls/required.ts";
import { revocationUnreachable } from "./tls/revocation-unreachable.ts";
import { selfSigned } from "./tls/self-signed.ts";
import { swallowed } from "./tls/swallowed.ts";
import { versions } from "./tls/versions.ts";
import { blocked } from "./way-out/blocked.ts";
import { port80 } from "./way-out/port-80.ts";
import { tunnelled } from "./way-out/tunnelled.ts";

/** Every check, in the order of the table. */
export const checks: readonly Check[] = [
  suspicious,
  nameUnknown,
  serverUnaware,
  silent,
  serverSilent,
  publicAnswer,
  zoneOtherProduct,
  privatelinkDialled,
  answersDiffer,
  hostsFile,
  searchDomain,
  plainPortOff,
  wrongPort,
  serverDown,
  portBlocked,
  networkApart,
  noRoute,
  reset,
  publicAccessOff,
  addressDead,
  socketFile,
  addressDialled,
  nameDiffers,
  plainPort,
  required,
  http,
  versions,
  cipher,
  clock,
  expired,
  notYetValid,
  expiresSoon,
  inspected,
  intermediateMissing,
  authorityUnknown,
  selfSigned,
  chainInvalid,
  clientCertificate,
  swallowed,
  closed,
  revocationUnreachable,
  oldVersions,
  missing,
  password,
  user,
  tokenExpired,
  tokenOther,
  notConfigured,
  limited,
  loading,
  clients,
  protectedMode,
  notRedis,
  database,
  replica,
  memory,
  idleTimeout,
  clockDiffers,
  slow,
  idleCut,
  setGet,
  otherFailure,
  unreachable,
  unnamed,
  down,
  sentinelSilent,
  masterUnknown,
  masterUnreachable,
  tunnelled,
  port80,
  blocked,
];
