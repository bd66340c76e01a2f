/**
 * The form of a kernel that corrects tfjs's wasm backend, and the parts of that backend that
 * kernels written in TypeScript need: outputs on its heap, and views of the heap.
 */
import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import { util } from "@tensorflow/tfjs-core";

/** The part of tfjs's wasm backend that the kernels use. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
  /** A view of a tensor's data, valid until the next output is created, which may move the heap. */
  typedArrayFromHeap(tensor: TensorInfo): Values;
  disposeData(dataId: TensorInfo["dataId"]): boolean;
  /** Counts one more tensor that shares the data. */
  incRef(dataId: TensorInfo["dataId"]): void;
  /** Makes data on the heap; all outputs are made by it. */
  write(values: Values | null, shape: readonly number[], dtype: DataType): TensorInfo["dataId"];
}

/** Values of a tensor on the heap. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** The backend's own kernels, before any was replaced. */
export type StockKernels = (name: string) => KernelFunc;

/** How kernels are built. */
export interface BuildOptions {
  /** Whether gradients follow calculus where the cpu backend's do not. */
  readonly exact: boolean;
}

/** One kernel to register on the wasm backend. */
export interface TrainingKernel {
  /** tfjs's name of the kernel. */
  readonly name: string;
  /** The state of tfjs 4.22's kernel of that name. */
  readonly stock: "missing" | "wrong" | "slow";
  /** Makes the kernel, which may call the stock kernels. */
  readonly build: (stock: StockKernels, options: BuildOptions) => KernelFunc;
}

/** A kernel's arguments, with its inputs and attributes typed. */
export interface KernelArguments<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
}

/** A typed kernel in tfjs's untyped form. */
export function asKernel<Inputs, Attributes>(
  run: (args: KernelArguments<Inputs, Attributes>) => TensorInfo | TensorInfo[],
): KernelFunc {
  return run as unknown as KernelFunc;
}

/** Runs a kernel that has one output. */
export function runKernel(
  kernel: KernelFunc,
  backend: WasmBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: Readonly<Record<string, unknown>>,
): TensorInfo {
  return kernel({ inputs, backend, attrs } as unknown as Parameters<KernelFunc>[0]) as TensorInfo;
}

/** A tensor's data in another shape; freed with the original. */
export function withShape(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: tensor.dataId, dtype: tensor.dtype, shape: [...shape] };
}

/** Views of float tensors on the heap. Call it after the last output has been created. */
export function floats(backend: WasmBackend, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** Runs `use` on an intermediate tensor and frees it. */
export function consume<T>(backend: WasmBackend, tensor: TensorInfo, use: (t: TensorInfo) => T): T {
  try {
    return use(tensor);
  } finally {
    backend.disposeData(tensor.dataId);
  }
}

/** Runs `use` on two intermediate tensors and frees them; the second is made when the first is there. */
export function consumeBoth<T>(
  backend: WasmBackend,
  [makeLeft, makeRight]: readonly [() => TensorInfo, () => TensorInfo],
  use: (left: TensorInfo, right: TensorInfo) => T,
): T {
  return consume(
    backend,
    makeLeft(),
    (left) => consume(backend, makeRight(), (right) => use(left, right)),
  );
}

/** A new output, filled with zeros. */
export function zeros(
  backend: WasmBackend,
  shape: readonly number[],
  dtype: DataType = "float32",
): TensorInfo {
  const result = backend.makeOutput([...shape], dtype);
  backend.typedArrayFromHeap(result).fill(0);
  return result;
}

/** A second tensor of the same data in another shape; each is freed by itself. */
export function share(
  backend: WasmBackend,
  tensor: TensorInfo,
  shape: readonly number[] = tensor.shape,
): TensorInfo {
  backend.incRef(tensor.dataId);
  return { ...withShape(tensor, shape) };
}

export function sizeOf(shape: readonly number[]): number {
  return util.sizeFromShape([...shape]);
}

/** Whether an array has a NaN, which some of XNNPACK's kernels lose. */
export function hasNaN(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) return true;
  return false;
}
