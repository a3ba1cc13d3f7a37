import { type ErrorRow, row } from "./row.ts";

/** What servers answer, and where the right one is. */
export const answering = {
  REPLY_ERROR: row(
    false,
    "The command, its arguments or the state of the data.",
    "The server refused the command; its words are in the message.",
  ),
  REPLY_WRONG_TYPE: row(
    false,
    "The key was written by another part of the program as another type.",
    "The key holds another type of value than this command works on.",
  ),
  REPLY_READ_ONLY: row(
    true,
    "A failover: the primary of before is a replica now.",
    "This is a replica: write to the primary; after a failover, connecting again finds it.",
    "after-a-while",
  ),
  REPLY_LOADING: row(
    true,
    "The server has just started.",
    "The server is loading its data: wait.",
    "after-a-while",
  ),
  REPLY_BUSY: row(
    true,
    "A script runs longer than the server's time limit.",
    "A script is running on the server: wait, or SCRIPT KILL.",
  ),
  REPLY_CLUSTER_DOWN: row(
    true,
    "A node of the cluster is away and nobody has taken over its slots.",
    "The cluster does not serve all slots: look at the health of its nodes.",
    "after-a-while",
  ),
  REPLY_MASTER_DOWN: row(
    true,
    "The replica cannot reach its primary.",
    "The replica lost its primary: look at the replication link.",
    "after-a-while",
  ),
  REPLY_TRY_AGAIN: row(
    true,
    "The cluster is being resharded.",
    "The slot is being moved: try again.",
    "after-a-while",
  ),
  REPLY_MOVED: row(
    true,
    "The server is part of a cluster, and this is not a cluster client.",
    "The key lives on another node: use a cluster client for a cluster.",
  ),
  REPLY_ASK: row(
    true,
    "The cluster is being resharded, and this is not a cluster client.",
    "The slot is being moved: use a cluster client for a cluster.",
  ),
  REPLY_CROSS_SLOT: row(
    false,
    "A command with several keys that a cluster keeps apart.",
    "The keys belong to different slots: use a hash tag, {tag}, to keep them together.",
  ),
  REPLY_OUT_OF_MEMORY: row(
    true,
    "maxmemory is reached and nothing may be evicted.",
    "The server is full: raise maxmemory, set an eviction policy, or delete data.",
  ),
  REPLY_NO_SCRIPT: row(
    false,
    "The server was restarted or its scripts were flushed.",
    "The script is not loaded: send it with EVAL, or SCRIPT LOAD it first.",
  ),
  REPLY_NO_REPLICAS: row(
    true,
    "Replicas are away or lag behind (min-replicas-to-write).",
    "Not enough replicas are in good health for this write.",
  ),
  REPLY_MISCONFIGURED: row(
    true,
    "The last snapshot could not be written to disk.",
    "The server cannot persist: look at its disk and its log.",
  ),
  REPLY_CONFLICT: row(
    false,
    "Another client wrote to a watched key, or the connection that watched it was lost.",
    "Nothing was written: watch and read again, then send the transaction anew.",
  ),
  REPLY_PARTIAL: row(
    false,
    "A command of the transaction or pipeline met a value of another type, or was refused.",
    "Look at .errors(): Redis does not undo the commands that went through.",
  ),
  REPLY_EXEC_ABORTED: row(
    false,
    "A command inside of MULTI was wrong.",
    "A command of the transaction was refused when it was queued.",
  ),
  REPLY_UNKNOWN_COMMAND: row(
    false,
    "An older server, a module that is not loaded, or a command that the provider has disabled.",
    "The server does not know or allow this command: check its version and the provider's limits.",
  ),
  REPLY_DATABASE_RANGE: row(
    false,
    "The connection string names a database that the server does not have.",
    "The server has no database of that number: managed services often have only 0.",
  ),
  REPLY_PROTECTED_MODE: row(
    false,
    "A server without password, reached from another machine.",
    "The server accepts only local connections: it has no password set. A managed service never says this: check the host.",
  ),
  REPLY_MAX_CLIENTS: row(
    true,
    "Connections that are opened and never closed.",
    "The server has reached its limit of connections: close some, or scale up.",
  ),
  REPLY_PROTOCOL: row(
    false,
    "Another service listens on that port.",
    "The peer sent bytes that are not Redis: check host and port.",
  ),
  REPLY_NOT_REDIS: row(
    false,
    "The port of a web server was dialled.",
    "The peer speaks HTTP: check host and port.",
  ),
  REPLY_LIMIT: row(
    false,
    "A value larger than expected, or a peer that is not Redis.",
    "The reply is larger or deeper than the limits allow; raise them if you trust the server.",
  ),
  TOPOLOGY_MASTER_UNKNOWN: row(
    false,
    "A misspelt master name, or Sentinels of another deployment.",
    "Give the name that the Sentinels watch (sentinel monitor <name> …); the names they know are in the message.",
  ),
  TOPOLOGY_NODE_COMMAND: row(
    false,
    "A command about one node was given to the cluster as a whole.",
    "Say which node is meant: (await cluster.nodeClient(cluster.masters[0])).sendCommand(…).",
  ),
  TOPOLOGY_NOT_SENTINEL: row(
    false,
    "The port of a Redis server (6379) was given in place of the Sentinel's (26379).",
    "Give the addresses of the Sentinels together with a master name, or leave the master name out.",
  ),
  TOPOLOGY_NO_NODE: row(
    true,
    "The seeds are down, or cannot be reached from here.",
    "None of the nodes told the topology: the address and reason of each is in the message.",
  ),
  TOPOLOGY_NO_SENTINEL: row(
    true,
    "The Sentinels are down, or their port (26379) is blocked.",
    "None of the Sentinels could be asked: check their addresses and port; the reason of each is in the message.",
  ),
  TOPOLOGY_NO_SLOTS: row(
    true,
    "The node was started as part of a cluster and has not joined one yet.",
    "Let the node join (CLUSTER MEET) or give slots to it (redis-cli --cluster create).",
  ),
  TOPOLOGY_REDIRECTIONS: row(
    true,
    "Nodes that disagree about who serves a slot, after a failover or an interrupted resharding.",
    "Look at CLUSTER NODES of each node; redis-cli --cluster check finds and mends slots left open.",
  ),
  TOPOLOGY_SLOT_UNSERVED: row(
    true,
    "A primary is gone and no replica has taken over, or slots were never given to a node.",
    "Look at the nodes of the cluster; redis-cli --cluster check lists slots that nobody serves.",
  ),
  TOPOLOGY_UNREACHABLE: row(
    true,
    "A failover that is not decided yet, or an address that is only valid inside the servers' own network.",
    "If it lasts: map the address to one that can be reached from here (nodeAddressMap), or let the servers announce one.",
  ),
  TOPOLOGY_WRONG_ROLE: row(
    true,
    "A failover is under way, or a replica was named where a master is needed.",
    "Wait for the failover to end; if it lasts, compare ROLE on that server with what the Sentinels say.",
  ),
} as const satisfies Record<string, ErrorRow>;
