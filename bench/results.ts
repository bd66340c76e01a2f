/**
 * The results of a benchmark in bench/results: the same keys for the CPU and for a GPU.
 */

/** One contestant's medians. */
export interface Measured {
  readonly name: string;
  /**
   * Time of a round; `null` where the contestant could not run or its numbers were wrong, with a
   * reason.
   */
  readonly milliseconds: number | null;
  /** CPU time of its process; `null` where it was not measured. A GPU's has none. */
  readonly cpu?: number | null;
  /** Why there is no time. */
  readonly reason: string | null;
  /** Largest memory of the process [MB]; `null` where it was not measured. */
  readonly memory: number | null;
  /** Multiply-add ceiling measured in the same rounds [GFLOP/s]; `null` where it was not. */
  readonly peak: number | null;
  /** Operations, where they are not the work's: another network that does the same. */
  readonly gigaflop?: number;
  /** The most the device could do of this work, by its ceilings [GFLOP/s]; a GPU's. */
  readonly roofline?: number;
  /** Largest difference from the reference, as a fraction of each array's maximum; a GPU's. */
  readonly difference?: number;
}

/** One kind of work and its contestants. */
export interface Work {
  readonly name: string;
  /** Operations, 2 M N K a product; `null` for work that is not products. */
  readonly gigaflop: number | null;
  /** How many times as fast two workers spun as one, between the rounds of this work. */
  readonly parallelism?: number;
  /** Least number of bytes that must be read and written; for GPUs only. */
  readonly bytes?: number;
  readonly contestants: readonly Measured[];
}

/** A ratio that should be reached. */
export interface Goal {
  readonly work: string;
  readonly what: string;
  /** `null` where a contestant is missing. */
  readonly reached: number | null;
  readonly wanted: number;
  /** Whether the ratio is to be at least or at most what is wanted. */
  readonly bound: "at least" | "at most";
  /** Whether the goal was met; `null` where it was not measured. */
  readonly met: boolean | null;
}

/** A GPU and its ceilings, measured in the same run. */
export interface Device {
  /** The adapter as WebGPU describes it. */
  readonly adapter: Readonly<Record<string, string | number | boolean>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
  readonly ceilings: Ceilings;
}

/** Ceilings of a GPU; `null` where a ceiling's own result was wrong or time did not tell. */
export interface Ceilings {
  /** Multiply-adds in registers [GFLOP/s]. */
  readonly peak: number | null;
  /** Multiply-adds in registers in f16 [GFLOP/s]; `null` also where the device has none. */
  readonly halfPeak: number | null;
  /** Storage buffer to storage buffer, bytes read and written [GB/s]. */
  readonly bandwidth: number | null;
  /** One dispatch that does nothing [us]. */
  readonly dispatch: number | null;
  /** Four bytes to the CPU, with the wait for them [ms]. */
  readonly readback: number | null;
  /** Many bytes to the CPU [GB/s]. */
  readonly readbackBandwidth: number | null;
}

/** One run. */
export interface Results {
  readonly machine: string;
  /** Use of the numbers, if they are no measure of speed. */
  readonly label: string | null;
  readonly deno: string;
  readonly v8: string;
  /** How much two spinning workers do in the time of one: 2 on two real, idle cores. */
  readonly parallelism: number | null;
  readonly rounds: number;
  /** Load averages at the end of the run. */
  readonly load: readonly number[];
  readonly works: readonly Work[];
  readonly goals: readonly Goal[];
  readonly device?: Device;
}
