import { exported, type Snippet } from "./facts.ts";

/** redis-cli, which reads the password from the environment and so keeps it out of the list of processes. */
export const redisCli: Snippet = {
  name: "redis-cli",
  title: "redis-cli",
  text: (facts) => {
    const { host, port, username, tls, caFile, cluster, database } = facts;
    const words = [
      `redis-cli -h ${host} -p ${port} --user ${shell(username)}`,
      ...(tls ? [`--tls --cacert ${shell(caFile)}`, ...(/[a-z]/i.test(host) ? [`--sni ${host}`] : [])] : []),
      ...(cluster ? ["-c"] : []),
      ...(database > 0 ? [`-n ${database}`] : []),
      "PING",
    ];
    return [exported("REDISCLI_AUTH", "password", facts), words.join(" ")].join("\n");
  },
};

function shell(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
