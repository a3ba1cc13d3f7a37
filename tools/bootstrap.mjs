// The one entry of a fresh clone: setup, start, test, check, build.
// It runs before any dependency is there, also on a Node that is too old; so nothing is imported before that is known.

const required = { major: 20, minor: 19 };
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < required.major || (major === required.major && minor < required.minor)) {
  console.error(
    `Redoubt needs Node ${required.major}.${required.minor} or newer; this is ${process.version} (${process.execPath}).\n` +
      "Install a newer one from https://nodejs.org or with your version manager, then run this again.",
  );
  process.exit(1);
}

const { run } = await import("./bootstrap/commands.mjs");
await run(process.argv.slice(2));
