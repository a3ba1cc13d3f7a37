import { isList, type OneOrMore } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

/** Publishing, and asking who listens. Subscribing is no command with a reply: see the client. */

const PUBLISH = spec("PUBLISH", { keys: null });
const PUBSUB_CHANNELS = spec("PUBSUB CHANNELS", { keys: null });
const PUBSUB_NUMPAT = spec("PUBSUB NUMPAT", { keys: null });
const PUBSUB_NUMSUB = spec("PUBSUB NUMSUB", { keys: null, shape: "object" });
const PUBSUB_SHARDCHANNELS = spec("PUBSUB SHARDCHANNELS", { keys: null });
const PUBSUB_SHARDNUMSUB = spec("PUBSUB SHARDNUMSUB", { keys: null, shape: "object" });
const SPUBLISH = spec("SPUBLISH");

/** Sends a message to all who listen to the channel; answers how many do, of those that this server knows. */
export function publish(channel: RedisArgument, message: RedisArgument): Command<number> {
  return command(PUBLISH, [channel, message]);
}

/** The channels with listeners. */
export function pubSubChannels(pattern?: RedisArgument): Command<string[]> {
  return command(PUBSUB_CHANNELS, pattern === undefined ? [] : [pattern]);
}

/** How many patterns are listened to. */
export function pubSubNumPat(): Command<number> {
  return command(PUBSUB_NUMPAT, []);
}

/** How many listeners each channel has, those by pattern not counted. */
export function pubSubNumSub(channels: OneOrMore = []): Command<Record<string, number>> {
  return command(PUBSUB_NUMSUB, isList(channels) ? [...channels] : [channels]);
}

/** The shard channels with listeners. */
export function pubSubShardChannels(pattern?: RedisArgument): Command<string[]> {
  return command(PUBSUB_SHARDCHANNELS, pattern === undefined ? [] : [pattern]);
}

/** How many listeners each shard channel has. */
export function pubSubShardNumSub(channels: OneOrMore = []): Command<Record<string, number>> {
  return command(PUBSUB_SHARDNUMSUB, isList(channels) ? [...channels] : [channels]);
}

/** {@link publish} to a shard channel, which lives where a key of its name would. */
export function sPublish(channel: RedisArgument, message: RedisArgument): Command<number> {
  return command(SPUBLISH, [channel, message]);
}
