/** What failed in a handshake, in OpenSSL's words where they are known: these are what is searched for. */
export function tlsFailure(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  if (error.code === "ECONNRESET") return "Connection reset by peer (104)";
  if (error.code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "s_poll_wait: TIMEOUTbusy exceeded: sending reset";
  const reason = error.reason ?? /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  return reason === undefined ? error.message : `SSL routines::${reason}`;
}
