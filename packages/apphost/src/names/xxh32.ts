const [prime1, prime2, prime3, prime4, prime5] = [
  0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1,
] as const;

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));
const round = (state: number, input: number) =>
  Math.imul(rotate((state + Math.imul(input, prime2)) | 0, 13), prime1);

/**
 * XXH32 of a UTF-8 text with seed 0, as 8 lower-case hex digits. Names of conditional expressions in the manifest end in it,
 * and must be the same as upstream's. Not for secrets.
 */
export function xxh32(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  let at = 0;
  let hash = prime5 | 0;
  if (bytes.length >= 16) {
    const lanes: [number, number, number, number] = [(prime1 + prime2) | 0, prime2 | 0, 0, -prime1 | 0];
    for (; at + 16 <= bytes.length; at += 16) {
      for (const lane of [0, 1, 2, 3] as const)
        lanes[lane] = round(lanes[lane], bytes.readInt32LE(at + lane * 4));
    }
    hash = (rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18)) | 0;
  }
  hash = (hash + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4)
    hash = Math.imul(rotate((hash + Math.imul(bytes.readInt32LE(at), prime3)) | 0, 17), prime4);
  for (; at < bytes.length; at++)
    hash = Math.imul(rotate((hash + Math.imul(bytes[at] ?? 0, prime5)) | 0, 11), prime1);
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
