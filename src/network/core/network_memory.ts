/** A network's memory in the core that lasts: weights, gradients and the optimizer's moments. */
import type { NamedArray, NamedArrays } from "../../numerics/arrays.ts";
import type { CoreLayers } from "./layers.ts";
import { packArrays, unpackArrays } from "./layers.ts";
import type { CoreMemory } from "./memory.ts";

/** The optimizer's moments, by the suffix that their arrays have in a saved state. */
const SUFFIXES = { first: "/m", second: "/v" } as const;

/** Names of the moments of the gradients. */
export type Moment = keyof typeof SUFFIXES;

/** Flat arrays in the layout of {@linkcode CoreLayers}; those for training come when needed. */
export class NetworkMemory {
  readonly #memory: CoreMemory;
  readonly #layers: CoreLayers;
  /** Address of the weights. */
  readonly weights: number;
  #gradients: number | null = null;
  readonly #moments: Record<Moment, number | null> = { first: null, second: null };
  /** Number of steps that the optimizer has made. */
  steps = 0;

  /** Allocates memory for the weights alone. */
  constructor(memory: CoreMemory, layers: CoreLayers, weights: NamedArrays) {
    this.#memory = memory;
    this.#layers = layers;
    this.weights = this.#allocate();
    this.writeWeights(weights);
  }

  /** Address of the gradients; their content is not defined at first. */
  get gradients(): number {
    return this.#gradients ??= this.#allocate();
  }

  /** Address of a moment, zero before the first step. */
  moment(name: Moment): number {
    const address = this.#moments[name];
    if (address !== null) return address;
    const taken = this.#allocate();
    this.#flat(taken).fill(0);
    return this.#moments[name] = taken;
  }

  /** A copy of the weights. */
  readWeights(): NamedArrays {
    return unpackArrays(this.#layers.all, this.#flat(this.weights));
  }

  /** A copy of the gradients. */
  readGradients(): NamedArrays {
    return unpackArrays(this.#layers.all, this.#flat(this.gradients));
  }

  /** Replaces the weights by others of the same architecture. */
  writeWeights(weights: NamedArrays): void {
    packArrays(this.#layers.all, weights, this.#flat(this.weights));
  }

  /** The optimizer's steps and moments; empty before the first step. */
  readOptimizer(): NamedArrays {
    if (this.steps === 0) return {};
    const step: NamedArray = { shape: [1], data: Float32Array.of(this.steps) };
    const { first, second } = this.#moments;
    if (first === null || second === null) return { step };
    return {
      step,
      ...unpackArrays(this.#layers.all, this.#flat(first), SUFFIXES.first),
      ...unpackArrays(this.#layers.all, this.#flat(second), SUFFIXES.second),
    };
  }

  /** Restores a state of {@linkcode readOptimizer}. */
  writeOptimizer(state: NamedArrays): void {
    this.steps = state["step"]?.data[0] ?? 0;
    const hasMoments = Object.keys(state).length > 1;
    for (const name of ["first", "second"] as const) {
      if (hasMoments) {
        packArrays(this.#layers.all, state, this.#flat(this.moment(name)), SUFFIXES[name]);
      } else {
        this.#free(this.#moments[name]);
        this.#moments[name] = null;
      }
    }
  }

  /** Frees the memory; nothing may be read afterwards. */
  free(): void {
    for (const address of [this.weights, this.#gradients, ...Object.values(this.#moments)]) {
      this.#free(address);
    }
  }

  #allocate(): number {
    return this.#memory.allocate(4 * this.#layers.size);
  }

  #free(address: number | null): void {
    if (address !== null) this.#memory.free(address);
  }

  /** The array at an address; valid until the next allocation. */
  #flat(address: number): Float32Array {
    return this.#memory.floats.subarray(address / 4, address / 4 + this.#layers.size);
  }
}
