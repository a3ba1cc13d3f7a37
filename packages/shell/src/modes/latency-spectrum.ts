import { demand, type Scene } from "./scene.ts";

/** Colours of a terminal with 256 of them, from never to always. Source: redis-cli. */
const palette = [0, 233, 234, 235, 237, 239, 241, 243, 245, 247, 144, 143, 142, 184, 226, 214, 208, 202, 196];

/** A sign, and the latency up to which it stands, ms. */
const steps: readonly (readonly [sign: string, upTo: number])[] = [
  [".", 0.01],
  ["-", 0.125],
  ["*", 0.25],
  ["#", 0.5],
  ...[..."123456789"].map((sign, i) => [sign, i + 1] as const),
  ...[..."ABCDE"].map((sign, i) => [sign, (i + 1) * 10] as const),
  ...[..."FGHIJ"].map((sign, i) => [sign, (i + 1) * 100] as const),
  ...[1, 2, 4, 8, 16, 30, 60].map((s, i) => ["KLMNOPQ"[i] as string, s * 1000] as const),
  ["?", Number.POSITIVE_INFINITY],
];

const rule = "---------------------------------------------\n";
/** After so many lines the legend comes again. */
const legendEvery = 20;

/** --latency-dist: how many of the PINGs of a second (-i) took how long, in colours, until it is interrupted. */
export async function runLatencySpectrum(scene: Scene): Promise<number> {
  const span = scene.settings.interval ?? 1000;
  for (let row = 0; ; row++) {
    if (row % legendEvery === 0) await scene.out.write(legend());
    const counts = steps.map(() => 0);
    let total = 0;
    for (const began = performance.now(); performance.now() - began < span; total++) {
      const start = performance.now();
      await demand(scene, "PING");
      const ms = performance.now() - start;
      const step = steps.findIndex(([, upTo]) => ms <= upTo);
      counts[step] = (counts[step] ?? 0) + 1;
    }
    const cells = steps.map(([sign], i) => {
      const colour = palette[Math.ceil(((counts[i] as number) / total) * (palette.length - 1))] ?? 0;
      return `\u001b[48;5;${colour}m${sign}`;
    });
    await scene.out.write(`\u001b[38;5;0m${cells.join("")}\u001b[0m\n`);
  }
}

function legend(): string {
  const colours = palette.map((colour) => `\u001b[48;5;${colour}m `).join("");
  return `${rule}. - * #          .01 .125 .25 .5 milliseconds
1,2,3,...,9      from 1 to 9     milliseconds
A,B,C,D,E        10,20,30,40,50  milliseconds
F,G,H,I,J        .1,.2,.3,.4,.5       seconds
K,L,M,N,O,P,Q,?  1,2,4,8,16,30,60,>60 seconds
From 0 to 100%: ${colours}\u001b[0m
${rule}`;
}
