/** The four lists of what a user may do, in the server's words without signs where there is one meaning. */
export interface AccessControl {
  /** `+@read`, `-@dangerous`; applied before `commands`. Absent: `+@all`. */
  readonly categories?: readonly string[];
  /** `+get`, `-flushall`, `+config|get`. */
  readonly commands?: readonly string[];
  /** Patterns of keys, `session:*`. Absent: all keys; empty: none. */
  readonly keys?: readonly string[];
  /** Patterns of channels. Absent: what `redis_acl_channels_default` says; empty: none. */
  readonly channels?: readonly string[];
}

/** A user of a service. Holds its password. */
export interface ServiceUser {
  readonly username: string;
  /** `primary`: the built-in `default`. */
  readonly type: "primary" | "normal";
  readonly password: string;
  /** Null for `default`, which may do everything that the service allows. */
  readonly accessControl: AccessControl | null;
}

/** What a new user is to be. */
export interface UserCreateOptions {
  /** Default: made up. */
  readonly password?: string;
  /** Default: everything that the service allows. */
  readonly accessControl?: AccessControl;
}
