// DNS servers on port 53 of loopback addresses, each with records of its own, while another program runs.
//
//   node dns-records.mjs '{"127.0.0.1":{"cache.example.com":["10.0.0.4"],"www.example.com":"cache.example.com"}}' <program> <argument>…
//
// A list is addresses, a text another name; "*" stands for every name that is not there.
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";

const [servers = "{}", program = "", ...args] = process.argv.slice(2);
const encoded = (name) =>
  Buffer.concat([
    ...name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

function resource(name, type, data) {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encoded(name), fixed, data]);
}

function answer(question, records) {
  const labels = [];
  let at = 12;
  for (let size = question[at]; size > 0; size = question[at]) {
    labels.push(question.subarray(at + 1, at + 1 + size).toString());
    at += size + 1;
  }
  const type = question.readUInt16BE(at + 1);
  const answers = [];
  let name = labels.join(".").toLowerCase();
  let code = 0;
  for (let left = 8; left > 0; left--) {
    const record = records[name] ?? records["*"];
    if (record === undefined) code = answers.length > 0 ? 0 : 3;
    if (Array.isArray(record) && type === 1)
      for (const ip of record) answers.push(resource(name, 1, Buffer.from(ip.split(".").map(Number))));
    if (typeof record !== "string") break;
    answers.push(resource(name, 5, encoded(record)));
    if (type === 5) break;
    name = record;
  }
  const header = Buffer.from(question.subarray(0, 12));
  // RFC 1035 section 4.1.1: the bits QR, RD, RA, and the return code.
  header.writeUInt16BE(0x8180 | code, 2);
  [1, answers.length, 0, 0].forEach((count, index) => header.writeUInt16BE(count, 4 + index * 2));
  return Buffer.concat([header, question.subarray(12, at + 5), ...answers]);
}

const sockets = Object.entries(JSON.parse(servers)).map(([address, records]) => {
  const socket = createSocket("udp4");
  socket.on("message", (question, { port, address: from }) =>
    socket.send(answer(question, records), port, from),
  );
  return socket.bind(53, address);
});
await Promise.all(sockets.map((socket) => once(socket, "listening")));
spawn(program, args, { stdio: "inherit" }).on("exit", (code) => {
  process.exitCode = code ?? 1;
  for (const socket of sockets) socket.close();
});
