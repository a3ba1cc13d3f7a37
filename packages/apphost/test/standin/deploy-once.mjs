// Deploys what it is sent, with the built package; for a test that kills this process.
import { provision } from "../../dist/provision/provision.js";

process.once("message", ({ unit, configuration, token, ...options }) => {
  const said = { getToken: () => Promise.resolve({ token: token.token, expiresOnTimestamp: token.expires }) };
  const timing = { poll: 10, longestPoll: 20 };
  const all = { ...options, configuration: (key) => configuration[key], credential: said, timing };
  void provision([unit], all).then((result) => process.send(result));
});
