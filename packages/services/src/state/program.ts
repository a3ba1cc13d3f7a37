import { RedoubtError } from "@redoubt/client";
import { findBinary } from "@redoubt/server/launch";
import { type ServiceTypeName, serviceTypes } from "../catalog/service-types.ts";

/** The program that serves a type of service. @throws RedoubtError `SERVICE_FAILED` when it is not installed */
export async function programOf(type: ServiceTypeName): Promise<string> {
  const { program } = serviceTypes[type];
  try {
    return await findBinary(program);
  } catch {
    throw new RedoubtError("SERVICE_FAILED", `${program} is not on the PATH`, {
      hint: `Install it (Debian, Ubuntu: apt-get install ${program === "redis-server" ? "redis-server" : "valkey"}), then try again.`,
    });
  }
}
