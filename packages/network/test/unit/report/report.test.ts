import { expect, test } from "vitest";
import { findingTable } from "../../../src/findings/table.ts";
import { checkNetwork } from "../../../src/report/check.ts";
import { page } from "../../../src/report/page.ts";
import { picture } from "../../../src/report/picture.ts";
import { sarif } from "../../../src/report/sarif.ts";
import { cache, exported, nsg, nsgId, rule, subnet, vnet } from "../exported.ts";

const report = checkNetwork(
  exported(
    vnet("vnet", "10.0.0.0/16", [
      subnet("vnet", "redis", "10.0.1.0/24", { nsg: "g" }),
      subnet("vnet", "app", "10.0.2.0/24"),
    ]),
    nsg("g", [rule(100, "Outbound", "Deny", "Tcp", "*", "Internet", "80", { name: "<script>" })]),
    cache("one"),
  ),
);

test("SARIF: each result has its rule, level, file and resource", () => {
  const { version, runs } = sarif(report, "1.2.3") as {
    version: string;
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: { ruleId: string; ruleIndex: number; level: string; locations: unknown }[];
    }[];
  };
  expect(version).toBe("2.1.0");
  const [run] = runs;
  expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(findingTable));
  expect(run?.results.length).toBe(report.findings.length);
  for (const { ruleId, ruleIndex } of run?.results ?? [])
    expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  const blocked = run?.results.find(({ ruleId }) => ruleId === "certificate-check-blocked");
  expect(blocked).toMatchObject({
    level: "error",
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "1.json" } },
        logicalLocations: [{ fullyQualifiedName: nsgId("g") }],
      },
    ],
  });
});

test("the picture has broken flows in red, others in green, and is well formed", () => {
  const svg = picture(report);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).toContain("denied: tcp/80");
  expect(svg).toContain('stroke="#cf222e"');
  expect(svg).toContain('stroke="#1a7f37"');
  expect(svg.match(/<(?:rect|line|path|text)\b/g)?.length).toBe(
    (svg.match(/\/>/g)?.length ?? 0) + (svg.match(/<\/text>/g)?.length ?? 0),
  );
  expect(picture(checkNetwork(exported([])))).toContain("no cache in these exports");
});

test("the page quotes names, and runs nothing", () => {
  const html = page(report);
  expect(html).not.toContain("<script>");
  expect(html).toContain("&lt;script&gt;");
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("certificate-check-blocked");
});
