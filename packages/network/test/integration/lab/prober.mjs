// Runs inside a machine of a laboratory. Reads flows, a JSON document per line, and writes for each whether it got through: a connection
// that is open or refused has reached the other end and come back; silence and "no route" have not.
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/** How long an answer may take, ms. Inside one machine it takes less than one. */
const patience = 900;

function tcp(address, port) {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, autoSelectFamily: false });
    const end = (reached) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => end(false), patience);
    socket.once("connect", () => end(true));
    socket.on("error", ({ code }) => end(code === "ECONNREFUSED" || code === "ECONNRESET"));
  });
}

function udp(address, port) {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (reached) => {
      clearTimeout(timer);
      socket.close();
      resolve(reached);
    };
    const timer = setTimeout(() => end(false), patience);
    socket.on("error", ({ code }) => end(code === "ECONNREFUSED"));
    socket.on("message", () => end(true));
    socket.connect(port, address, () => socket.send("redoubt"));
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, protocol, address, port } = JSON.parse(line);
  void (protocol === "Tcp" ? tcp : udp)(address, port).then((reached) => {
    process.stdout.write(`${JSON.stringify({ id, reached })}\n`);
  });
}
