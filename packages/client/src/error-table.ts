/**
 * Every error of Redoubt, as rows of one table. Retry, reconnect, the doctor and the command line read the same row.
 *
 * A code is `FAMILY_REASON`. The family says which step failed: `CONFIG_` (the text you gave), `DNS_`, `TCP_`, `TLS_`,
 * `AUTH_`, `REPLY_` (the server answered with an error), `TOPOLOGY_` (who is where), `TIMEOUT_`, `CLOSED_`.
 * Each code has a page in `docs/errors/`.
 */

/** What Redoubt knows about a code before it happens. */
export interface ErrorRow {
  /** Whether waiting or connecting again can help without anybody changing anything. */
  readonly transient: boolean;
  /** The likeliest cause, in one sentence. */
  readonly likely: string;
  /** The fix, in one sentence that a person can act on. */
  readonly hint: string;
  /**
   * Whether a command that met it may be sent again. `after-a-while`: the server refused it before carrying out anything,
   * for a reason that passes. `when-lost`: the connection ended; what was not written yet was not carried out, of the
   * rest nobody knows.
   */
  readonly repeat: "never" | "after-a-while" | "when-lost";
}

const row = (
  transient: boolean,
  likely: string,
  hint: string,
  repeat: ErrorRow["repeat"] = "never",
): ErrorRow => ({ transient, likely, hint, repeat });

export const errorTable = {
  CONFIG_SYNTAX: row(
    false,
    "A character is missing, doubled or not escaped.",
    "Correct the connection string at the position shown.",
  ),
  CONFIG_UNKNOWN_KEY: row(
    false,
    "A misspelt option, or one of another library.",
    "Use one of the known options; the nearest name is in the message.",
  ),
  CONFIG_INVALID_VALUE: row(
    false,
    "The value is of another type or out of range.",
    "Give the option a value of the type that the message names.",
  ),
  CONFIG_AMBIGUOUS: row(
    false,
    "Two dialects read this text differently.",
    "Write the string in the form of the reading that you mean; both are in the message.",
  ),
  CONFIG_INSECURE: row(
    false,
    "The text looks like TLS, and would be read as plain text or without verification.",
    "Say clearly whether you want TLS; the message names the trap and the safe spelling.",
  ),
  CONFIG_NO_ENDPOINT: row(
    false,
    "The host was left out, or an empty variable was put in its place.",
    "Name at least one host, for example rediss://host:6380.",
  ),
  CONFIG_NOT_EXPRESSIBLE: row(
    false,
    "The other dialect has no word for an option that is set.",
    "Choose another dialect, or leave out the option that this one has no word for.",
  ),
  CONFIG_MISSING: row(
    false,
    "The variable is not set in this environment.",
    "Set the environment variable or option that the message names.",
  ),
  CONFIG_FILE: row(
    false,
    "A wrong path, or a file that this user may not read.",
    "Check the path of the file and that this user may read it.",
  ),
  CONFIG_KEY_MATERIAL: row(
    false,
    "A wrong passphrase, or a certificate and a key of different pairs.",
    "Check that certificate, key and passphrase belong together and are PEM or PKCS#12.",
  ),

  DNS_NOT_FOUND: row(
    true,
    "A misspelt host, or a private DNS zone that this network is not linked to.",
    "Check the spelling of the host; inside a virtual network, check that its DNS zone is linked.",
  ),
  DNS_UNAVAILABLE: row(
    true,
    "The DNS server is down, or port 53 is blocked.",
    "No DNS server answered: check the resolver of this machine and port 53.",
  ),
  DNS_FAILED: row(
    true,
    "The resolver answered with an error.",
    "The name could not be resolved; look at the cause.",
  ),

  TCP_REFUSED: row(
    true,
    "A wrong port, or a server that is not running.",
    "The host is up and nothing listens there: check the port (6380 or 10000 for TLS on Azure) and that the server runs.",
  ),
  TCP_TIMEOUT: row(
    true,
    "A firewall, security group or route drops the packets.",
    "Packets vanish: check firewall, network security group, routes and that the address is reachable from here.",
  ),
  TCP_RESET: row(
    true,
    "A proxy or firewall closed the connection, or public access is off.",
    "The peer or a firewall in between cut the connection: check access rules and proxies.",
  ),
  TCP_UNREACHABLE: row(
    true,
    "No route leads from this network to the address.",
    "There is no route to that address from here: check the network, VPN or peering.",
  ),
  TCP_NO_SOCKET_FILE: row(
    true,
    "A wrong path, or a server that is not running.",
    "The Unix socket does not exist: check the path and that the server runs.",
  ),
  TCP_FAILED: row(
    true,
    "The operating system refused the connection.",
    "The connection could not be opened; look at the cause.",
  ),

  TLS_UNTRUSTED: row(
    false,
    "The server's certificate comes from a private CA that was not given.",
    "Give the CA certificate that signed the server (sslrootcert=… or tls.ca).",
  ),
  TLS_SELF_SIGNED: row(
    false,
    "The server uses a certificate that it made itself.",
    "The server signs its own certificate: give that very certificate as CA (sslrootcert=…), or use one from a CA.",
  ),
  TLS_ISSUER_UNKNOWN: row(
    false,
    "Only the server's own certificate was sent, and its issuer is not known here: a private CA, or an intermediate left out.",
    "Give the CA that issued the certificate (sslrootcert=… or tls.ca), or let the server send its intermediates.",
  ),
  TLS_EXPIRED: row(
    false,
    "The certificate was not renewed, or the clock of this machine is wrong.",
    "The certificate has expired: renew it, and check the clock of this machine.",
  ),
  TLS_NOT_YET_VALID: row(
    false,
    "The clock of this machine, or of the one that issued the certificate, is wrong.",
    "The certificate is not valid yet: check the clock of this machine, then the certificate's dates.",
  ),
  TLS_NAME_MISMATCH: row(
    false,
    "The server was dialled by an address or an alias that its certificate does not name.",
    "Dial the name that the certificate carries, or say which name to verify (servername=…).",
  ),
  TLS_REVOKED: row(
    false,
    "The CA has withdrawn the certificate.",
    "The certificate was revoked: have a new one issued.",
  ),
  TLS_CHAIN_INVALID: row(
    false,
    "A certificate of the chain may not sign, or is damaged.",
    "The certificate chain is broken; the cause names how.",
  ),
  TLS_REJECTED_BY_CALLBACK: row(
    false,
    "The callback's own rules.",
    "Your certificateValidation callback refused the certificate.",
  ),
  TLS_PIN_MISMATCH: row(
    false,
    "The server has a new key, or somebody sits in between.",
    "The server's public key is none of the pinned ones: check for a rotation, then update the pins.",
  ),
  TLS_VERSION_MISMATCH: row(
    false,
    "The server allows only versions older than TLS 1.2, or this side only newer ones.",
    "Both sides have no TLS version in common: allow TLS 1.2 or 1.3 on the server (or minVersion here).",
  ),
  TLS_NO_COMMON_CIPHER: row(
    false,
    "Narrow cipher lists on one of the two sides.",
    "Both sides have no cipher in common: compare the cipher lists.",
  ),
  TLS_CLIENT_CERTIFICATE_REQUIRED: row(
    false,
    "The server asks for mutual TLS (tls-auth-clients yes).",
    "The server wants a client certificate: give sslcert=… and sslkey=….",
  ),
  TLS_CLIENT_CERTIFICATE_REJECTED: row(
    false,
    "The certificate comes from a CA that the server does not know, or has expired.",
    "The server does not accept this client certificate: check its CA and its dates.",
  ),
  TLS_PEER_IS_PLAINTEXT: row(
    false,
    "The plain port was dialled (6379 instead of 6380), or TLS was switched off on the server.",
    "The port speaks plain Redis, not TLS: use the TLS port, or find out whether TLS was switched off.",
  ),
  TLS_PEER_REQUIRES_TLS: row(
    false,
    "redis:// was written where rediss:// is meant.",
    "The port expects TLS: use rediss:// (or ssl=true).",
  ),
  TLS_HANDSHAKE_TIMEOUT: row(
    true,
    "A firewall or proxy lets the connection through and swallows the handshake.",
    "The peer accepted the connection and never answered: it may speak plain text, or a middlebox swallows TLS.",
  ),
  TLS_CLOSED: row(
    true,
    "A proxy that picks by name (SNI), or a port that is not Redis.",
    "The peer closed the connection during the handshake: check that this is a TLS port, and proxies in between.",
  ),
  TLS_FAILED: row(
    false,
    "The two TLS libraries do not understand each other.",
    "The TLS handshake failed; look at the cause.",
  ),

  AUTH_REQUIRED: row(
    false,
    "The password was left out.",
    "The server wants a password: add it to the connection string or give a credentials provider.",
  ),
  AUTH_FAILED: row(
    false,
    "A key that was renewed, a token that expired, or a user name that is not the right one.",
    "User name or password is wrong, or the user is disabled: copy the key again; for a user name, check the ACL.",
  ),
  AUTH_NOT_CONFIGURED: row(
    false,
    "The password belongs to another server.",
    "The server has no password set: remove the password, or set one on the server.",
  ),
  AUTH_FORBIDDEN: row(
    false,
    "The user's ACL does not allow the command or the key.",
    "The user may not run this command or touch this key: widen its ACL.",
  ),
  AUTH_PROVIDER_FAILED: row(
    true,
    "The service that gives the token was not reachable, or refused.",
    "The credentials provider threw; look at the cause.",
  ),

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

  TIMEOUT_CONNECT: row(
    true,
    "A slow or overloaded server, or a network that drops packets.",
    "The connection was not ready within its deadline (connectTimeout); the stage reached is in the message.",
  ),
  TIMEOUT_COMMAND: row(
    true,
    "A slow command, an overloaded server, or a network that drops packets.",
    "No reply within the command's deadline: look at slow commands and the network; it may have been executed.",
  ),
  TIMEOUT_POOL: row(
    true,
    "More work at a time than the pool has clients, or clients that are taken and never given back.",
    "Give clients back (using client = …), raise the maximum of the pool, or allow more time (acquireTimeout).",
  ),
  TIMEOUT_QUEUE: row(
    true,
    "The server was away for longer than commands may wait.",
    "The command waited for a connection until its time in the queue was over, and was never sent.",
  ),
  TIMEOUT_SOCKET: row(
    true,
    "The network lost the connection without telling either side.",
    "The connection had stopped answering and was replaced; commands in flight may have been executed.",
    "when-lost",
  ),

  CLOSED_CLIENT: row(
    false,
    "close() or destroy() was called.",
    "The client was closed: make a new one, or close it later.",
  ),
  CLOSED_CONNECTION: row(
    true,
    "The server was restarted, failed over, or closed an idle connection.",
    "The connection was lost while the command was in flight; it may have been executed.",
    "when-lost",
  ),
  CLOSED_NOT_CONNECTED: row(
    true,
    "connect() was not called or not awaited.",
    "There is no connection and the offline queue is off: call connect() first.",
  ),
  CLOSED_QUEUE_FULL: row(
    true,
    "The server is away and the program goes on sending.",
    "Too many commands wait for the connection: slow down, or raise the limits of the offline queue.",
  ),
  CLOSED_ABORTED: row(false, "The caller gave up.", "The signal given with the call was aborted."),
} as const satisfies Record<string, ErrorRow>;

/** One of the codes of {@link errorTable}. */
export type ErrorCode = keyof typeof errorTable;
