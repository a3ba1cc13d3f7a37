import { parse } from "@redoubt/client/config";
import { Listener, RelayRole } from "@redoubt/tunnel/parts";

/** A door for plain text that is open. */
export interface PlainDoor {
  /** Clients that are connected. */
  readonly connections: number;
  close(): Promise<void>;
}

/** How a door for plain text is opened. */
export interface PlainDoorOptions {
  readonly port: number;
  /** Unix socket of the node that takes writes. */
  readonly socket: string;
  /** From where clients may come; null: everywhere. */
  readonly clientsFrom: readonly string[] | null;
}

/**
 * Opens a door to a server that speaks plain text: bytes go through as they are, and a client that speaks TLS gets a TLS alert,
 * where the server alone would leave it hanging.
 * @throws RedoubtError `TCP_ADDRESS_IN_USE`
 */
export async function openPlain({ port, socket, clientsFrom }: PlainDoorOptions): Promise<PlainDoor> {
  const relay = new RelayRole({ target: parse(`unix://${encodeURI(socket)}`) });
  const listener = await Listener.open({
    at: { host: "127.0.0.1", port },
    ...(clientsFrom !== null && { clientsFrom }),
    serve: (accepted) => void relay.serve(accepted.socket),
  });
  return {
    get connections() {
      return relay.sessions;
    },
    close: async () => {
      await listener.close();
      await relay.close(0);
      listener.destroy();
    },
  };
}
