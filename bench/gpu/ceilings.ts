/**
 * The ceilings of a GPU, in WGSL of our own: multiply-adds in registers, a copy from storage to
 * storage, a dispatch that does nothing, a readback. Each result is checked before it has a speed.
 */
import { median } from "../../src/numerics/statistics.ts";
import type { Ceilings } from "../results.ts";
import type { Effort } from "./chains.ts";
import { timeChain } from "./chains.ts";
import { dispatch, hasHalf, makeShader, openDevice, readBuffer, storageBuffer } from "./device.ts";
import type { Precision } from "./encoder_shaders.ts";

const WORKGROUP = 64;
/** Vectors that are summed independently in each thread, and rounds of a dispatch. */
const CHAINS = 8;
const FMA_ROUNDS = 512;
/** The iteration x <- x / 2 + 1 converges to 2. */
const [FACTOR, TERM, REST] = [0.5, 1, 2];
const REST_TOLERANCE = 1e-5;

/** Sizes of the measurement: a GPU's threads and bytes, or few of both for a software adapter. */
export interface CeilingSizes {
  readonly threads: number;
  readonly copyBytes: number;
}

/** The chains start from these many different values, which f16 holds. */
const STARTS = 64;

const fmaShader = (precision: Precision) => {
  const names = Array.from({ length: CHAINS }, (_, i) => `x${i}`);
  const vec = `vec4<${precision}>`;
  return `${precision === "f16" ? "enable f16;" : ""}
    @group(0) @binding(0) var<storage, read_write> result: array<vec4<f32>>;
    @group(0) @binding(1) var<storage, read> terms: array<vec4<f32>>;
    @compute @workgroup_size(${WORKGROUP})
    fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      let factor = ${vec}(terms[0]);
      let term = ${vec}(terms[1]);
      ${
    names.map((x, i) => `var ${x} = ${vec}(${precision}((id.x + ${i}u) % ${STARTS}u));`).join("\n")
  }
      for (var i = 0u; i < ${FMA_ROUNDS}u; i++) {
        ${names.map((x) => `${x} = fma(${x}, factor, term);`).join("\n")}
      }
      result[id.x] = vec4<f32>(${names.join(" + ")});
    }`;
};

const COPY_SHADER = `
  @group(0) @binding(0) var<storage, read_write> copy: array<vec4<f32>>;
  @group(0) @binding(1) var<storage, read> source: array<vec4<f32>>;
  @compute @workgroup_size(${WORKGROUP})
  fn main(@builtin(global_invocation_id) id: vec3<u32>,
          @builtin(num_workgroups) groups: vec3<u32>) {
    for (var i = id.x; i < arrayLength(&copy); i += groups.x * ${WORKGROUP}u) { copy[i] = source[i]; }
  }`;

const EMPTY_SHADER = `@compute @workgroup_size(1) fn main() {}`;

/** Measures all ceilings. */
export async function measureCeilings(
  adapter: GPUAdapter,
  sizes: CeilingSizes,
  effort: Effort,
): Promise<Ceilings> {
  const device = await openDevice(adapter);
  const ceilings = {
    peak: await measurePeak(device, "f32", sizes.threads, effort),
    halfPeak: hasHalf(adapter) ? await measurePeak(device, "f16", sizes.threads, effort) : null,
    ...await measureCopies(device, sizes, effort),
    dispatch: await measureDispatch(device, effort),
    readback: await measureReadback(device, effort),
  };
  device.destroy();
  return ceilings;
}

async function measurePeak(
  device: GPUDevice,
  precision: Precision,
  threads: number,
  effort: Effort,
): Promise<number | null> {
  const result = storageBuffer(device, 16 * threads);
  const terms = storageBuffer(
    device,
    Float32Array.of(...Array(4).fill(FACTOR), ...Array(4).fill(TERM)),
  );
  const shader = await makeShader(
    device,
    fmaShader(precision),
    [result, terms],
    threads / WORKGROUP,
  );
  const milliseconds = await timeChain((times) => dispatch(device, shader, times), effort);
  const found = await readBuffer(device, result, 16 * threads);
  const isRight = found.every((x) => Math.abs(x / (CHAINS * REST) - 1) < REST_TOLERANCE);
  if (!isRight || milliseconds === null) return null;
  return threads * FMA_ROUNDS * CHAINS * 4 * 2 / milliseconds / 1e6;
}

/** Measures the copy on the device, and reading as many bytes to the CPU. */
async function measureCopies(
  device: GPUDevice,
  { threads, copyBytes }: CeilingSizes,
  effort: Effort,
): Promise<Pick<Ceilings, "bandwidth" | "readbackBandwidth">> {
  const size = Math.min(copyBytes, device.limits.maxStorageBufferBindingSize);
  const values = Float32Array.from({ length: size / 4 }, (_, i) => i % 8191);
  const [from, to] = [storageBuffer(device, values), storageBuffer(device, size)];
  const shader = await makeShader(device, COPY_SHADER, [to, from], threads / WORKGROUP);
  const milliseconds = await timeChain((times) => dispatch(device, shader, times), effort);
  const times: number[] = [];
  let isRight = true;
  for (let round = 0; round < effort.rounds; round++) {
    const start = performance.now();
    const copy = await readBuffer(device, to, size);
    times.push(performance.now() - start);
    isRight &&= copy.every((value, i) => value === values[i]);
  }
  from.destroy();
  to.destroy();
  if (!isRight) return { bandwidth: null, readbackBandwidth: null };
  return {
    bandwidth: milliseconds === null ? null : 2 * size / milliseconds / 1e6,
    readbackBandwidth: size / median(times) / 1e6,
  };
}

/** Time of an empty dispatch [us]. */
async function measureDispatch(device: GPUDevice, effort: Effort): Promise<number | null> {
  const shader = await makeShader(device, EMPTY_SHADER, [], 1);
  const milliseconds = await timeChain((times) => dispatch(device, shader, times), effort);
  return milliseconds === null ? null : 1000 * milliseconds;
}

const READBACKS = 5;

async function measureReadback(device: GPUDevice, { rounds }: Effort): Promise<number> {
  const source = storageBuffer(device, 4);
  const times: number[] = [];
  for (let i = 0; i < READBACKS * rounds; i++) {
    const start = performance.now();
    await readBuffer(device, source, 4);
    times.push(performance.now() - start);
  }
  return median(times);
}
