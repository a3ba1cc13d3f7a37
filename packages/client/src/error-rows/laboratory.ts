import { type ErrorRow, row } from "./row.ts";

/** What becomes of laboratories, the small networks of `redoubt network lab`. */
export const laboratory = {
  LAB_UNFIT: row(
    false,
    "It is not Linux, the user is not root, or a program is missing.",
    "The message says what is missing, and how to install it.",
  ),
  LAB_UNKNOWN: row(
    false,
    "None was made, the machine was restarted since, or it has another name.",
    "Make one: redoubt network lab up.",
  ),
  LAB_EXISTS: row(
    false,
    "It was made before.",
    "Use it, remove it (redoubt network lab down), or give this one another name: --name.",
  ),
  LAB_BUSY: row(
    true,
    "Another command breaks or mends something in it.",
    "Wait until that has ended, and try again.",
  ),
  LAB_FAILED: row(
    false,
    "The system does not let network namespaces be made, as in many containers, or lacks nftables.",
    "Use a virtual machine, or a container with --privileged; the message holds what the system said.",
  ),
} as const satisfies Record<string, ErrorRow>;
