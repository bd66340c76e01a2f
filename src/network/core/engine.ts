/** The core as an {@linkcode Engine}: the toolkit's own WASM, on one or more threads of the CPU. */
import type { Architecture, Engine, InputWidths, Network } from "../../model.ts";
import type { NamedArrays } from "../../numerics/arrays.ts";
import type { CoreOptions } from "./core.ts";
import { openCore } from "./core.ts";
import { createCoreNetwork } from "./network.ts";

/**
 * Opens the core as an engine, by the name "core".
 *
 * The result of every operation has the same bits for any number of threads. Its workers keep a
 * process alive until the engine is closed.
 *
 * @throws {RangeError} If the number of threads is not allowed, or memory cannot be had
 */
export async function openCoreEngine(options: CoreOptions = {}): Promise<Engine> {
  const core = await openCore(options);
  return {
    name: "core",
    create(
      architecture: Architecture,
      inputs: InputWidths,
      weights: NamedArrays,
    ): Promise<Network> {
      return new Promise((resolve) =>
        resolve(createCoreNetwork(core, { architecture, inputs }, weights))
      );
    },
    close: () => core.close(),
  };
}
