/** Where a route leads. Effective routes know two more than route tables. */
export type NextHop =
  | "Internet"
  | "None"
  | "VirtualAppliance"
  | "VirtualNetworkGateway"
  | "VnetLocal"
  | "VNetPeering"
  | "VirtualNetworkServiceEndpoint"
  | "Unknown";

/** Who made a route. */
export type RouteSource = "User" | "Gateway" | "System";

/** A route of a table, or one that is in force. */
export interface Route {
  readonly name: string;
  /** A prefix, or a service tag. */
  readonly prefix: string;
  readonly nextHop: NextHop;
  readonly nextHopAddress: string | null;
  readonly source: RouteSource;
}

/** A route table: the user's routes of a subnet. */
export interface RouteTable {
  readonly id: string;
  readonly name: string;
  /** Whether routes that a gateway has learned are kept out. */
  readonly disableBgp: boolean;
  readonly routes: readonly Route[];
  readonly subnetIds: readonly string[];
}

/** Routes in force in a subnet, seen at a network interface. */
export interface SubnetRoutes {
  /** `null` where the export does not say whose they are. */
  readonly subnetId: string | null;
  readonly file: string;
  readonly routes: readonly Route[];
}

/** A prefix that a gateway has learned by BGP. */
export interface LearnedRoute {
  readonly prefix: string;
  readonly file: string;
}
