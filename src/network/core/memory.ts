/** The core's memory: one WebAssembly.Memory that all threads share, given out in blocks. */
import { HEAP } from "./opcodes.ts";

const PAGE = 65536;
/** Pages that the WASM module declares, and the most that 32-bit addresses can reach. */
const INITIAL_PAGES = 64;
const MAXIMUM_PAGES = 65535;
/** Alignment of blocks in bytes, one cache line, so that threads never share one. */
const ALIGNMENT = 64;
/** Bytes after each block that kernels may read but never write: a window's rows past the end. */
const MARGIN = 256;

interface Block {
  readonly start: number;
  readonly end: number;
}

/** Memory in blocks; see {@linkcode createMemory}. */
export class CoreMemory {
  /** The memory that the threads import. */
  readonly memory: WebAssembly.Memory;
  #used: Block[] = [];
  #floats: Float32Array;
  #ints: Int32Array;

  /** Takes over a memory of which no part is in use. */
  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.#floats = new Float32Array(memory.buffer);
    this.#ints = new Int32Array(memory.buffer);
  }

  /** All of the memory as floats; element i is at address 4 i. Valid until the next allocation. */
  get floats(): Float32Array {
    return this.#floats;
  }

  /** All of the memory as whole numbers. Valid until the next allocation. */
  get ints(): Int32Array {
    return this.#ints;
  }

  /**
   * The address of a new block; what it holds is not defined.
   *
   * @throws {RangeError} If the machine has no more memory, or 32-bit addresses do not reach as far
   */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + MARGIN) / ALIGNMENT) * ALIGNMENT;
    let start = HEAP;
    let index = 0;
    for (; index < this.#used.length; index++) {
      const block = this.#used[index]!;
      if (block.start - start >= size) break;
      start = block.end;
    }
    this.#reach(start + size);
    this.#used.splice(index, 0, { start, end: start + size });
    return start;
  }

  /** Frees a block. */
  free(start: number): void {
    this.#used = this.#used.filter((block) => block.start !== start);
  }

  #reach(end: number): void {
    const missing = Math.ceil((end - this.#ints.byteLength) / PAGE);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch (cause) {
      throw new RangeError(
        `Cannot run the network: the core needs ${
          toMegabytes(end)
        } MB of memory, which cannot be had`,
        { cause },
      );
    }
    this.#floats = new Float32Array(this.memory.buffer);
    this.#ints = new Int32Array(this.memory.buffer);
  }
}

function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

/**
 * A memory of which no part is in use.
 *
 * @throws {RangeError} If the address space cannot be reserved
 */
export function createMemory(): CoreMemory {
  try {
    return new CoreMemory(
      new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true }),
    );
  } catch (cause) {
    throw new RangeError(
      "Cannot open the core: 4 GB of addresses are needed, which cannot be reserved",
      { cause },
    );
  }
}
