import { expect, test } from "vitest";
import { StatusServer } from "../../../src/status/status-server.ts";

test("/live, /ready and /metrics; nothing else, and only on loopback unless told otherwise", async () => {
  let reasons: string[] = [];
  const status = await StatusServer.open({
    at: "127.0.0.1:0",
    ready: () => ({ ready: reasons.length === 0, reasons }),
    metrics: () => "a_total 1\n",
  });
  const ask = async (path: string, method = "GET") => {
    const response = await fetch(`http://${status.text}${path}`, { method });
    return `${response.status} ${await response.text()}`;
  };
  expect(await ask("/live")).toBe("200 live\n");
  expect(await ask("/ready")).toBe("200 ready\n");
  reasons = ["backend 10.0.0.9:6379 is down"];
  expect(await ask("/ready")).toBe("503 not ready\nbackend 10.0.0.9:6379 is down\n");
  expect(await ask("/ready", "HEAD")).toBe("503 ");
  expect(await ask("/metrics?x=1")).toBe("200 a_total 1\n");
  expect(await ask("/")).toContain("404");
  expect(await ask("/live", "POST")).toContain("405");
  await expect(
    StatusServer.open({ at: status.text, ready: () => ({ ready: true, reasons }), metrics: () => "" }),
  ).rejects.toMatchObject({ code: "TCP_ADDRESS_IN_USE" });
  status.close();
  await expect(
    StatusServer.open({ at: "0.0.0.0:0", ready: () => ({ ready: true, reasons }), metrics: () => "" }),
  ).rejects.toMatchObject({ code: "CONFIG_EXPOSED" });
});
