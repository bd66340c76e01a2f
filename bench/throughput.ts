/**
 * Throughput under `deno bench`: every backend that opens, webgpu first, in catalogs and clusters per
 * second. Deno's own table has the time of one call; the lines after it have what is done in a second.
 */
import type { Batch } from "../src/features/dataset.ts";
import type { Engine, Network } from "../src/model.ts";
import type { BackendName } from "../src/network/backends.ts";
import { BACKENDS, describeAdapter, openEngine } from "../src/network/backends.ts";
import { initialWeights } from "../src/network/weights.ts";
import { createRandom } from "../src/numerics/random.ts";
import { median } from "../src/numerics/statistics.ts";
import type { NetworkName } from "./networks.ts";
import { INPUTS, makeBatch, NETWORKS, ROWS } from "./networks.ts";

/** A backend that opens, and the name that its numbers go under. */
export interface Contestant {
  readonly backend: BackendName;
  readonly label: string;
  /**
   * Whether the contestant takes minutes where others take seconds, so that it gets less work.
   */
  readonly isSlow: boolean;
}

async function findContestant(backend: BackendName): Promise<Contestant | null> {
  try {
    (await openEngine(backend)).close();
  } catch {
    return null;
  }
  if (backend !== "webgpu") return { backend, label: backend, isSlow: backend === "cpu" };
  const adapter = (await describeAdapter())!;
  const isSlow = adapter.kind === "software";
  const what = isSlow ? "software adapter, for correctness only" : adapter.description;
  return { backend, label: `webgpu (${what})`, isSlow };
}

/** The backends that open here, in the order of BACKENDS: webgpu first. */
export async function findContestants(): Promise<Contestant[]> {
  const found: Contestant[] = [];
  for (const name of Object.keys(BACKENDS) as BackendName[]) {
    const contestant = await findContestant(name);
    if (contestant) found.push(contestant);
  }
  return found;
}

/** One kind of work on one network. */
export interface Throughput {
  /** "Adam step", for example. */
  readonly verb: string;
  readonly network: NetworkName;
  readonly catalogs: number;
  readonly run: (network: Network, batch: Batch) => Promise<unknown>;
}

/** The open network; the benches of a file run one after the other. */
let open: { key: string; engine: Engine; network: Network; batch: Batch } | null = null;

function close(): void {
  open?.network.dispose();
  open?.engine.close();
  open = null;
}

async function prepare(
  { backend }: Contestant,
  { verb, network, run }: Throughput,
  catalogs: number,
): Promise<NonNullable<typeof open>> {
  const key = JSON.stringify([backend, verb, network]);
  if (open?.key === key) return open;
  close();
  const engine = await openEngine(backend);
  const architecture = NETWORKS[network];
  const weights = initialWeights(architecture, INPUTS, createRandom(1));
  const made = await engine.create(architecture, INPUTS, weights);
  const batch = makeBatch(catalogs);
  open = { key, engine, network: made, batch };
  await run(made, batch);
  return open;
}

/** Times of all benches, for the lines at the end. */
const measured: { what: string; catalogs: number; times: number[] }[] = [];

/** Benches one work on every contestant; slow ones get one catalog. */
export function benchThroughput(contestants: readonly Contestant[], work: Throughput): void {
  for (const [i, contestant] of contestants.entries()) {
    const catalogs = contestant.isSlow ? 1 : work.catalogs;
    const group = `${work.verb}, ${work.network} network`;
    const row = { what: `${group}: ${contestant.label}`, catalogs, times: [] as number[] };
    measured.push(row);
    Deno.bench({
      name: `${contestant.label}, ${catalogs} catalog${catalogs === 1 ? "" : "s"}`,
      group,
      baseline: i === 0,
      n: contestant.isSlow ? 2 : 5,
      warmup: 1,
      async fn(bench) {
        const { network, batch } = await prepare(contestant, work, catalogs);
        const start = performance.now();
        bench.start();
        await work.run(network, batch);
        bench.end();
        row.times.push(performance.now() - start);
      },
    });
  }
}

function formatRate(perSecond: number): string {
  return perSecond >= 100 ? String(Math.round(perSecond)) : perSecond.toPrecision(3);
}

globalThis.addEventListener("unload", () => {
  close();
  const lines = measured.filter(({ times }) => times.length > 0).map(
    ({ what, catalogs, times }) => {
      const perSecond = 1000 * catalogs / median(times);
      const clusters = formatRate(perSecond * ROWS);
      return `${what}: ${formatRate(perSecond)} catalogs/s, ${clusters} clusters/s\n`;
    },
  );
  Deno.stdout.writeSync(new TextEncoder().encode(`\n${lines.join("")}`));
});
