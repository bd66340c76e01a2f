/**
 * The contestants of `deno task bench` for each work, each in a process of its own.
 */
import type { Task } from "./contestant.ts";
import { NAMES } from "./goals.ts";
import type { NetworkName } from "./networks.ts";
import { NETWORKS, ROWS } from "./networks.ts";
import { Contestant } from "./statistics.ts";

const HERE = new URL(".", import.meta.url).pathname;
/** A command whose row says that there is no Python, instead of stopping the run. */
const ENV = "/usr/bin/env";
const PYTHON = "/usr/bin/python3";
const TURBO = "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks";

/** Debian's OpenBLAS takes Zen 5 for Haswell; with AVX-512 set, it is up to twice as fast. */
const AVX512 = { OPENBLAS_CORETYPE: "SKYLAKEX" };
const ONE_THREAD = { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };

/** One kind of work on a network. */
export interface NetworkWork {
  readonly network: NetworkName;
  readonly catalogs: number;
  readonly work: Task["work"];
}

/** Starts all contestants that can do a work. */
export function startAll({ network, catalogs, work }: NetworkWork): Contestant[] {
  const deno = (
    name: string,
    task: Pick<Task, "backend" | "threads" | "tile"> & Partial<Task>,
    ...flags: string[]
  ) =>
    new Contestant(name, Deno.execPath(), [
      ...["run", "-A", ...flags, `${HERE}contestant.ts`],
      JSON.stringify({ network, catalogs, work, ...task } satisfies Task),
    ]);
  const core = (name: string, threads: number) =>
    deno(name, { backend: "core", threads, tile: "narrow" });
  const convolutions = (name: string, threads: number) =>
    deno(name, { backend: "core", threads, tile: "narrow", network: "convolution" });
  const turbo = (name: string, threads: number) =>
    deno(name, { backend: "core", threads, tile: "wide" }, TURBO);
  const other = (name: string, backend: Task["backend"]) =>
    deno(name, { backend, threads: 1, tile: "narrow" });
  const peer = { architecture: NETWORKS[network], catalogs, rows: ROWS, threads: 1, work };
  const python = (name: string, script: string, env: Record<string, string> = {}) =>
    new Contestant(name, ENV, [PYTHON, `${HERE}peers/${script}`, JSON.stringify(peer)], {
      ...ONE_THREAD,
      ...env,
    });
  return [
    core(NAMES.core, 1),
    core(NAMES.threads, 2),
    turbo(NAMES.turbo, 1),
    turbo(NAMES.turboThreads, 2),
    other(NAMES.tfjs, "wasm"),
    ...network === "set"
      ? [
        convolutions(NAMES.convolution, 1),
        convolutions(NAMES.convolutionThreads, 2),
      ]
      : work === "step"
      ? [other(NAMES.stock, "stock")]
      : [
        other(NAMES.onnx, "onnxruntime-web"),
        other(NAMES.jax, "jax-js"),
        python(NAMES.numpy, "numpy_forward.py"),
        python(NAMES.numpyWide, "numpy_forward.py", AVX512),
      ],
    python(NAMES.torch, "pytorch_step.py"),
    python(NAMES.torchWide, "pytorch_step.py", AVX512),
  ];
}
