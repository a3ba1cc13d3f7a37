import { Buffer } from "node:buffer";

/** Tags of DER in a session as OpenSSL writes it. Source: `ssl_asn1.c`, `SSL_SESSION_ASN1`. */
const sequence = 0x30;
const integer = 0x02;
/** The certificate of the peer. */
const peer = 0xa3;

/** TLS 1.3, as it stands in the second field. */
const tls13 = 0x0304;

/** One value of DER: where it begins, where its content begins, and where it ends. */
interface Piece {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A session of TLS 1.3 without the certificate of the peer, which OpenSSL would decode again for each connection that resumes
 * it: that takes a third of such a connection's time. Resuming needs no certificate, the server sends none, and nobody asks
 * for it: what it showed is kept beside the session.
 * @param session as the `session` event gives it
 * @returns the session itself where it is not of that form, or of an older TLS, for which Node looks at the certificate
 */
export function withoutPeer(session: Buffer): Buffer {
  const whole = pieceAt(session, 0);
  if (whole === null || session[0] !== sequence || whole.to !== session.length) return session;
  const kept: Buffer[] = [];
  for (let at = whole.from, index = 0; at < whole.to; index++) {
    const piece = pieceAt(session, at);
    if (piece === null || piece.to > whole.to) return session;
    if (index === 1 && !isTls13(session, piece)) return session;
    if (session[at] !== peer) kept.push(session.subarray(at, piece.to));
    at = piece.to;
  }
  const content = Buffer.concat(kept);
  return Buffer.concat([head(content.length), content]);
}

function isTls13(bytes: Buffer, { at, from, to }: Piece): boolean {
  return bytes[at] === integer && to - from === 2 && bytes.readUInt16BE(from) === tls13;
}

/** What begins at a place; null where that is no DER of a known length. */
function pieceAt(bytes: Buffer, at: number): Piece | null {
  const short = bytes[at + 1];
  if (short === undefined) return null;
  if (short < 0x80) return { at, from: at + 2, to: at + 2 + short };
  const digits = short - 0x80;
  const from = at + 2 + digits;
  if (digits < 1 || digits > 3 || from > bytes.length) return null;
  return { at, from, to: from + bytes.readUIntBE(at + 2, digits) };
}

function head(length: number): Buffer {
  if (length < 0x80) return Buffer.from([sequence, length]);
  const long = Buffer.from([sequence, 0x83, 0, 0, 0]);
  long.writeUIntBE(length, 2, 3);
  // As few digits as it needs: DER knows one way to write a length.
  const digits = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  return Buffer.concat([Buffer.from([sequence, 0x80 + digits]), long.subarray(5 - digits)]);
}
