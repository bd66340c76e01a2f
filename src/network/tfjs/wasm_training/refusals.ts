/** Kernels that refuse their arguments, and what they have made until then. */
import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Values, WasmBackend } from "./kernel.ts";

/** The data made by the kernel that is running; null between kernels. */
let made: TensorInfo["dataId"][] | null = null;

const watched = new WeakSet<WasmBackend>();

/** Notes all data that a kernel makes on a backend. */
function watch(backend: WasmBackend): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const write = backend.write;
  backend.write = (values: Values | null, shape: readonly number[], dtype: DataType) => {
    const dataId = write.call(backend, values, shape, dtype);
    made?.push(dataId);
    return dataId;
  };
}

/** A kernel that frees what it has made if it throws; others would keep it until the program ends. */
export function freeingOnError(kernel: KernelFunc): KernelFunc {
  return (args) => {
    const backend = args.backend as unknown as WasmBackend;
    watch(backend);
    const own: TensorInfo["dataId"][] = [];
    const outer = made;
    made = own;
    try {
      return kernel(args);
    } catch (error) {
      for (const dataId of own) backend.disposeData(dataId); // what is freed already is left alone
      throw error;
    } finally {
      made = outer;
    }
  };
}
