/**
 * `deno task bench:gpu`: the network on WebGPU, compared with the most that the GPU can do. Prints adapter,
 * limits, features and versions; measures the ceilings; then every layer and direction, the encoder
 * and the whole step on tfjs's webgpu backend, and the encoder in WGSL of our own. Whatever differs from the CPU by more than the
 * tolerance gets no speed. A software adapter is good for correctness only, and is labeled so.
 * Writes bench/results/<adapter>.json, with the keys of the CPU's.
 *
 * usage: gpu.ts [--network full|compact] [--catalogs 20] [--rounds 5] [--tolerance 1e-5]
 *   [--out file.json] [--quick]
 */
import { parseArgs } from "node:util";
import { describeAdapter } from "../src/network/backends.ts";
import { measureCeilings } from "./gpu/ceilings.ts";
import { describe, requestAdapter } from "./gpu/device.ts";
import { formatDevice, formatWork } from "./gpu/text.ts";
import { measureWorks } from "./gpu/works.ts";
import { fileName, print, writeResults } from "./files.ts";
import type { NetworkName } from "./networks.ts";
import { NETWORKS } from "./networks.ts";
import type { Results, Work } from "./results.ts";

/** Engines agree to this fraction of each array's maximum (src/model.ts). */
const TOLERANCE = 1e-5;
/** The label of a software adapter's numbers. */
const SOFTWARE = "correctness only, software adapter";

/** Effort of the measurement: full for a GPU, seconds for a quick look or a software adapter. */
const EFFORTS = {
  full: { milliseconds: 200, threads: 1 << 20, copyBytes: 1 << 28 },
  quick: { milliseconds: 4, threads: 1 << 10, copyBytes: 1 << 20 },
};

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      network: { type: "string", default: "full" },
      catalogs: { type: "string", default: "20" },
      rounds: { type: "string", default: "5" },
      tolerance: { type: "string", default: String(TOLERANCE) },
      out: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const [catalogs, rounds] = [Number(values.catalogs), Number(values.rounds)];
  const tolerance = Number(values.tolerance);
  if (!Object.hasOwn(NETWORKS, values.network)) {
    throw new RangeError(
      `Cannot run the GPU benchmark: --network is ${values.network}, full or compact is needed`,
    );
  }
  if (![catalogs, rounds].every((n) => Number.isInteger(n) && n > 0) || !(tolerance >= 0)) {
    throw new RangeError(
      `Cannot run the GPU benchmark: --catalogs is ${values.catalogs}, --rounds ${values.rounds}, ` +
        `--tolerance ${values.tolerance}; whole numbers from 1 on and a number from 0 on are needed`,
    );
  }
  const effort = EFFORTS[values.quick ? "quick" : "full"];
  const { out } = values;
  return { network: values.network as NetworkName, catalogs, rounds, tolerance, effort, out };
}

async function main(): Promise<void> {
  const { network, catalogs, rounds, tolerance, effort, out } = readOptions(Deno.args);
  const adapter = await requestAdapter();
  const described = describe(adapter);
  const label = (await describeAdapter())!.kind === "software" ? SOFTWARE : null;
  const length = { milliseconds: effort.milliseconds, rounds };
  const ceilings = await measureCeilings(adapter, effort, length);
  const { description, vendor, device } = adapter.info;
  const setting = {
    machine: description || `${vendor} ${device}`,
    ...{ label, rounds, parallelism: null },
    ...{ deno: Deno.version.deno, v8: Deno.version.v8 },
    device: { ...described, ceilings },
  };
  await print(formatDevice(setting));
  const measure = { adapter, label, ceilings, effort: length, tolerance };
  const works: Work[] = [];
  for await (const work of measureWorks(NETWORKS[network], catalogs, measure)) {
    works.push({ ...work, name: `${network}, ${work.name}` });
    await print(formatWork(works.at(-1)!));
  }
  const results: Results = { ...setting, load: Deno.loadavg(), works, goals: [] };
  await writeResults(results, out ?? fileName(setting.machine));
}

if (import.meta.main) await main();
