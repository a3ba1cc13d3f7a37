// A DNS server on 127.0.0.1:53 that answers every question with one return code, while another program runs.
//
//   node dns-server.mjs <return code> <program> <argument>…
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";

const [returnCode, program = "", ...args] = process.argv.slice(2);
const server = createSocket("udp4");

server.on("message", (question, { port, address }) => {
  const answer = Buffer.from(question);
  // RFC 1035 section 4.1.1: the bit QR, and RA beside the return code.
  answer.writeUInt8(answer.readUInt8(2) | 0x80, 2);
  answer.writeUInt8(0x80 | Number(returnCode), 3);
  server.send(answer, port, address);
});

server.bind(53, "127.0.0.1", () => {
  spawn(program, args, { stdio: "inherit" }).on("exit", (code) => {
    process.exitCode = code ?? 1;
    server.close();
  });
});
