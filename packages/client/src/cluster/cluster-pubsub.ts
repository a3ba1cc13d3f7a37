import { setTimeout as delay } from "node:timers/promises";
import type { PubSubListener } from "../client/listeners.ts";
import type { SubscriptionKind, Subscriptions } from "../client/pubsub.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import type { Dialled } from "../net/dial.ts";
import type { ClusterNode } from "./cluster-node.ts";
import type { Fleet } from "./fleet.ts";
import { slotOf } from "./slot.ts";
import { type LineOptions, SubscriberLine } from "./subscriber-line.ts";

/** How often a shard channel whose slot moves is asked for again, and how soon, ms. */
const attempts = 20;
const pause = 100;

/** Somebody who listens to a shard channel. */
interface Wish {
  readonly channel: string;
  readonly listener: PubSubListener<never>;
  readonly buffers: boolean;
}

/**
 * Subscriptions in a cluster. Channels and patterns are heard at every node, so one connection to any primary does for
 * all of them; shard channels only at the primary of their slot, where they are followed to.
 */
export class ClusterPubSub implements Subscriptions {
  readonly #fleet: Fleet;
  readonly #onError: (error: RedoubtError) => void;
  readonly #anywhere: SubscriberLine;
  /** The node that {@link ClusterPubSub.#anywhere} is connected to, as far as it went well. */
  #place: ClusterNode | null = null;
  readonly #byNode = new Map<ClusterNode, SubscriberLine>();
  /** Where each shard channel is listened to. */
  readonly #places = new Map<string, ClusterNode>();
  #wishes: readonly Wish[] = [];
  /** Nodes that refused, on a new connection, what had been subscribed on the one before. */
  readonly #refused = new Set<ClusterNode>();
  readonly #ended = new Set<() => void>();
  #isFollowing = false;
  /** The topology was read since following began. */
  #hasNews = false;

  constructor(fleet: Fleet, onError: (error: RedoubtError) => void) {
    this.#fleet = fleet;
    this.#onError = onError;
    this.#anywhere = this.#line(
      (options) => this.#dialAnywhere(options),
      () => {},
      () => {
        this.#place = null;
      },
    );
  }

  async subscribe(
    kind: SubscriptionKind,
    channels: string | readonly string[],
    listener: PubSubListener<never>,
    buffers = false,
  ): Promise<void> {
    this.#checkOpen();
    if (kind !== "shard") {
      await this.#anywhere.open();
      return this.#anywhere.pubSub.subscribe(kind, channels, listener, buffers);
    }
    const wishes = listed(channels).map((channel): Wish => ({ channel, listener, buffers }));
    this.#wishes = [...this.#wishes, ...wishes];
    try {
      await Promise.all(wishes.map((wish) => this.#establish(wish)));
    } catch (error) {
      await this.unsubscribe(kind, channels, listener, buffers).catch(() => {});
      throw error;
    }
  }

  async unsubscribe(
    kind: SubscriptionKind,
    channels?: string | readonly string[],
    listener?: PubSubListener<never>,
    buffers = false,
  ): Promise<void> {
    if (kind !== "shard") {
      await this.#anywhere.pubSub.unsubscribe(kind, channels, listener, buffers);
      if (!this.#anywhere.isUsed) this.#anywhere.destroy();
      return;
    }
    const names = channels === undefined ? [...this.#places.keys()] : listed(channels);
    this.#wishes = this.#wishes.filter(
      (wish) =>
        !names.includes(wish.channel) ||
        (listener !== undefined && (wish.listener !== listener || wish.buffers !== buffers)),
    );
    await Promise.all(
      names.map(async (name) => {
        const node = this.#places.get(name);
        if (node === undefined) return;
        if (!this.#wishes.some(({ channel }) => channel === name)) this.#places.delete(name);
        await this.#byNode.get(node)?.pubSub.unsubscribe("shard", name, listener, buffers);
        this.#closeUnused(node);
      }),
    );
  }

  onEnd(callback: () => void): () => void {
    this.#ended.add(callback);
    return () => this.#ended.delete(callback);
  }

  /** The topology was read: shard channels whose slots have moved are listened to at their new places. */
  async follow(): Promise<void> {
    this.#hasNews = true;
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    while (this.#hasNews) {
      this.#hasNews = false;
      await this.#followOnce();
    }
    this.#isFollowing = false;
  }

  /** The cluster is closed. */
  end(): void {
    this.#anywhere.destroy();
    for (const line of this.#byNode.values()) line.destroy();
    this.#byNode.clear();
    this.#places.clear();
    this.#wishes = [];
    for (const callback of this.#ended) callback();
  }

  async #followOnce(): Promise<void> {
    const { slots } = this.#fleet.map;
    const refused = new Set(this.#refused);
    this.#refused.clear();
    for (const [channel, node] of this.#places) {
      const owner = slots[slotOf(channel)]?.master;
      if (owner === undefined || (owner === node && !refused.has(node))) continue;
      this.#places.delete(channel);
      const wishes = this.#wishes.filter((wish) => wish.channel === channel);
      void this.#leave(node, channel);
      try {
        for (const wish of wishes) await this.#establish(wish);
      } catch (error) {
        // It is tried again with the next topology.
        if (this.#wishes.some((wish) => wish.channel === channel)) this.#places.set(channel, node);
        this.#onError(error as RedoubtError);
      }
      this.#closeUnused(node);
    }
  }

  /** The place may be gone, or has ended the subscription by itself. */
  async #leave(node: ClusterNode, channel: string): Promise<void> {
    await this.#byNode
      .get(node)
      ?.pubSub.unsubscribe("shard", channel)
      .catch(() => {});
  }

  /** Subscribes at whoever serves the slot, wherever that goes meanwhile. */
  async #establish({ channel, listener, buffers }: Wish): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const node = this.#fleet.map.slots[slotOf(channel)]?.master ?? this.#any();
      this.#places.set(channel, node);
      try {
        const line = this.#lineTo(node);
        await line.open();
        return await line.pubSub.subscribe("shard", channel, listener, buffers);
      } catch (error) {
        const moves =
          error instanceof RedoubtError &&
          (error.code === "REPLY_MOVED" || error.code === "REPLY_CLUSTER_DOWN");
        if (!moves || attempt === attempts || !this.#fleet.isOpen) throw error;
        await this.#fleet.look();
        await delay(pause);
      }
    }
  }

  #lineTo(node: ClusterNode): SubscriberLine {
    let line = this.#byNode.get(node);
    if (line === undefined) {
      line = this.#line(
        (options) => node.dial(options),
        () => this.#refused.add(node),
      );
      this.#byNode.set(node, line);
    }
    return line;
  }

  /**
   * The node of before, so that a connection which is replaced on purpose hears the same in the same order; another one once
   * something went wrong there, for it may be gone for good.
   */
  async #dialAnywhere(options: Parameters<LineOptions["dial"]>[0]): Promise<Dialled> {
    const node = this.#place ?? this.#any();
    const dialled = await node.dial(options);
    this.#place = node;
    return dialled;
  }

  #line(
    dial: LineOptions["dial"],
    onRefused = (): unknown => undefined,
    onTrouble = (): unknown => undefined,
  ): SubscriberLine {
    return new SubscriberLine({
      settings: this.#fleet.settings.node,
      dial,
      onError: (error) => {
        if (error instanceof ReplyError) onRefused();
        onTrouble();
        this.#onError(error);
        this.#fleet.doubt();
      },
      onUnsubscribed: (channel) => {
        if (this.#wishes.some((wish) => wish.channel === channel)) this.#fleet.doubt();
      },
    });
  }

  #closeUnused(node: ClusterNode): void {
    const line = this.#byNode.get(node);
    if (line === undefined || line.isUsed) return;
    this.#byNode.delete(node);
    line.destroy();
  }

  #any(): ClusterNode {
    const node = this.#fleet.map.anyMaster();
    if (node !== undefined) return node;
    throw new RedoubtError("TOPOLOGY_SLOT_UNSERVED", "No node of the cluster serves any slot");
  }

  #checkOpen(): void {
    if (this.#fleet.isOpen) return;
    const message = "Nothing was subscribed: the cluster is not connected";
    throw new RedoubtError("CLOSED_NOT_CONNECTED", message);
  }
}

function listed(channels: string | readonly string[]): readonly string[] {
  return typeof channels === "string" ? [channels] : channels;
}
