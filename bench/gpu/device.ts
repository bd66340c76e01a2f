/**
 * The GPU that a benchmark runs on, and the little of WebGPU that its own shaders need.
 */
import type { Device } from "../results.ts";

/** A shader with its buffers, ready to be dispatched. */
export interface Shader {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: number;
}

/** The adapter; throws if there is none. */
export async function requestAdapter(): Promise<GPUAdapter> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("Cannot run the GPU benchmark: there is no WebGPU adapter");
  return adapter;
}

/** The description of an adapter. */
export function describe(adapter: GPUAdapter): Omit<Device, "ceilings"> {
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } =
    adapter.info;
  const limits: Record<string, number> = {};
  for (
    const name of Object.keys(
      Object.getOwnPropertyDescriptors(Object.getPrototypeOf(adapter.limits)),
    )
  ) {
    const value: unknown = Reflect.get(adapter.limits, name);
    if (typeof value === "number") limits[name] = value;
  }
  const { isFallbackAdapter } = adapter.info;
  return {
    adapter: {
      ...{ vendor, architecture, device, description },
      ...{ subgroupMinSize, subgroupMaxSize, isFallbackAdapter },
    },
    limits,
    features: [...adapter.features].sort(),
  };
}

/** Whether shaders may compute in f16. */
export const hasHalf = ({ features }: GPUAdapter): boolean => features.has("shader-f16");

/** A device with buffers and workgroup memory as large as the adapter's, and f16 where it has it. */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize } =
    adapter.limits;
  return await adapter.requestDevice({
    requiredFeatures: hasHalf(adapter) ? ["shader-f16"] : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize },
  });
}

/** A storage buffer of given values, or of zeros. */
export function storageBuffer(
  device: GPUDevice,
  content: number | Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer>,
): GPUBuffer {
  const size = typeof content === "number" ? content : content.byteLength;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size, usage });
  if (typeof content !== "number") device.queue.writeBuffer(buffer, 0, content);
  return buffer;
}

/**
 * Compiles WGSL whose buffers are bindings 0, 1, ... of group 0.
 *
 * @throws {SyntaxError} If WebGPU does not take it
 */
export async function makeShader(
  device: GPUDevice,
  code: string,
  buffers: readonly GPUBuffer[],
  workgroups: number,
): Promise<Shader> {
  device.pushErrorScope("validation");
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const error = await device.popErrorScope();
  if (error) throw new SyntaxError(`Cannot compile the shader: ${error.message}`);
  return { pipeline, bindings, workgroups };
}

/** Dispatches a shader `times` times, one after the other, and waits for the last. */
export async function dispatch(
  device: GPUDevice,
  { pipeline, bindings, workgroups }: Shader,
  times: number,
): Promise<void> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  for (let i = 0; i < times; i++) pass.dispatchWorkgroups(workgroups);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
}

/** Copies the beginning of a buffer to the CPU. */
export async function readBuffer(
  device: GPUDevice,
  source: GPUBuffer,
  bytes: number,
): Promise<Float32Array> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: bytes, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}
