#!/usr/bin/env node
// No static import: an old Node must reach the message below before it parses anything newer than itself.
const oldest = [20, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(`redoubt needs Node.js ${oldest.join(".")} or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  // Overwrites the arguments that `ps` shows: a connection string may be among them.
  process.title = "redoubt";
  void import("./run.ts").then(({ runProcess }) => runProcess());
}

export {};
