import { plainPortOf } from "../nodes/configuration.ts";
import type { Node } from "../nodes/node.ts";
import type { Routes } from "../routes/routes.ts";
import type { Fleet } from "./fleet.ts";
import type { Ground } from "./ground.ts";

/** Clients that are connected, by the way they came: through a door of the keeper, or straight to a node. */
export async function clientsOf(
  fleet: Fleet,
  routes: Routes,
  ground: Ground,
): Promise<{ terminator: number; plain: number; direct: number }> {
  const { terminator, plain } = routes.clients;
  if (ground.record.route !== "direct") return { terminator, plain, direct: 0 };
  const each = await Promise.all(fleet.nodes.map((node) => clientsAt(node, ground)));
  const sum = (kind: "plain" | "direct"): number => each.reduce((total, node) => total + node[kind], 0);
  return { terminator, plain: plain + sum("plain"), direct: sum("direct") };
}

async function clientsAt(node: Node, ground: Ground): Promise<{ plain: number; direct: number }> {
  const list = await node.command("CLIENT", "LIST", "TYPE", "normal").catch(() => "");
  const own = ` user=${ground.record.operator.username} `;
  // Whoever came by the Unix socket came through a door, where it was counted.
  const lines = String(list)
    .split("\n")
    .filter((line) => / addr=[^/]/.test(line) && !line.includes(own));
  const at = plainPortOf(ground, node.record);
  const plain = at === 0 ? 0 : lines.filter((line) => new RegExp(` laddr=\\S+:${at} `).test(line)).length;
  return { plain, direct: lines.length - plain };
}
