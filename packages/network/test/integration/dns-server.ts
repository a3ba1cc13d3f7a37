import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What a name is: addresses, another name, or a return code (RFC 1035 section 4.1.1). */
export type DnsRecord =
  | { readonly a: readonly string[] }
  | { readonly cname: string }
  | { readonly code: number };

/** A DNS server on 127.0.0.1 with records of its own. Names that it does not have do not exist (NXDOMAIN); `null`: it never answers. */
export async function dnsServer(
  records: Readonly<Record<string, DnsRecord>> | null,
): Promise<{ readonly address: string } & AsyncDisposable> {
  const socket = createSocket("udp4");
  socket.on("message", (question, { port, address }) => {
    if (records !== null) socket.send(answerTo(question, records), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: async () => {
      socket.close();
    },
  };
}

const types = { a: 1, cname: 5 };

/** One question, and the answer with all names that it leads through, as a server does that looks them up for others. */
function answerTo(question: Buffer, records: Readonly<Record<string, DnsRecord>>): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let size = question[at] ?? 0; size > 0; size = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + size).toString());
    at += size + 1;
  }
  const type = question.readUInt16BE(at + 1);
  const end = at + 5;
  const answers: Buffer[] = [];
  let name = labels.join(".").toLowerCase();
  let code = 0;
  for (let left = 8; left > 0; left--) {
    const record = records[name];
    if (record === undefined) {
      code = answers.length > 0 ? 0 : 3;
      break;
    }
    if ("code" in record) code = record.code;
    if ("a" in record && type === types.a)
      for (const ip of record.a)
        answers.push(resource(name, types.a, Buffer.from(ip.split(".").map(Number))));
    if (!("cname" in record)) break;
    answers.push(resource(name, types.cname, encoded(record.cname)));
    if (type === types.cname) break;
    name = record.cname.toLowerCase();
  }
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  return Buffer.concat([header, question.subarray(12, end), ...answers]);
}

function resource(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encoded(name), fixed, data]);
}

function encoded(name: string): Buffer {
  return Buffer.concat([
    ...name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}
