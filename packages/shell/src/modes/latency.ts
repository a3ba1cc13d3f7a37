import { demand, pause, type Scene } from "./scene.ts";

/** Between two samples, ms. */
const betweenSamples = 10;

/** Samples of one span of time, ms. */
class Samples {
  readonly began = performance.now();
  count = 0;
  min = 0;
  max = 0;
  sum = 0;

  add(ms: number): void {
    this.min = this.count === 0 ? ms : Math.min(this.min, ms);
    this.max = Math.max(this.max, ms);
    this.sum += ms;
    this.count++;
  }

  get average(): string {
    return (this.sum / this.count).toFixed(2);
  }
}

/**
 * --latency and --latency-history: PING after PING. For people a line that is written over; for programs figures (min, max, average,
 * count), with --latency once after one second (-i), else until it is interrupted.
 */
export async function runLatency(scene: Scene, isHistory: boolean): Promise<number> {
  const { out, world, settings, format } = scene;
  const span = settings.interval ?? (isHistory ? 15_000 : 1000);
  const isForPeople = format.name === "tty";
  const isOnce = !isForPeople && !isHistory;
  let samples = new Samples();
  for (;;) {
    const start = performance.now();
    await demand(scene, "PING");
    samples.add(Math.floor(performance.now() - start));
    const { min, max, average, count } = samples;
    if (isForPeople) {
      const clear = isHistory && !world.stdout.isTTY ? "" : "\u001b[0G\u001b[2K";
      await out.write(`${clear}min: ${min}, max: ${max}, avg: ${average} (${count} samples)`);
    }
    const passed = performance.now() - samples.began;
    if (passed > span && (isHistory || isOnce)) {
      if (!isForPeople) await out.write(figures(scene, samples));
      if (isOnce) return 0;
      await out.write(isForPeople ? ` -- ${(passed / 1000).toFixed(2)} seconds range\n` : "");
      samples = new Samples();
    }
    await pause(scene, betweenSamples);
  }
}

function figures({ format }: Scene, { min, max, average, count }: Samples): string {
  return `${[min, max, average, count].join(format.name === "csv" ? "," : " ")}\n`;
}
