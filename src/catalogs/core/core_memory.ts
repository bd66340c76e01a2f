/**
 * The WASM core's memory: tables that stay, written once, and room for one run of catalogs.
 *
 * @module
 */
import { MOCK_WASM } from "./mock_wasm.ts";

/** What the WASM module exports. */
export interface MockExports {
  /** The module's own memory. */
  readonly memory: WebAssembly.Memory;
  /** Draws the catalogs of the job; returns how many fitted. */
  draw(): number;
  /** Sixteen blocks of a stream, 128 bytes. */
  blocks(out: number, key0: number, key1: number, counter: number): void;
  /** ln of the uniform numbers of 4 words, in place. */
  logarithms(address: number): void;
  /** Turns 8 words into 8 normal numbers, in place. */
  normals(address: number): void;
}

const PAGE = 65536;
/** Tables begin here, behind the fixed addresses of assembly/job.ts. */
const HEAP = 4096;
/** Blocks begin on cache lines. */
const ALIGNMENT = 64;

let compiled: WebAssembly.Module | undefined;

/** A new instance, with a memory of its own; the module is compiled once. */
export function openMockCore(): CoreMemory {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(MOCK_WASM.replaceAll("\n", "")), (letter) => letter.charCodeAt(0)),
  );
  return new CoreMemory(new WebAssembly.Instance(compiled).exports as unknown as MockExports);
}

/** An instance of the core and how much of its memory is in use. */
export class CoreMemory {
  /** The functions. */
  readonly exports: MockExports;
  #end = HEAP;

  /** Takes over an instance that has done nothing yet. */
  constructor(exports: MockExports) {
    this.exports = exports;
  }

  /** Where the next block will begin; give it to {@linkcode release} to free all blocks since. */
  get end(): number {
    return this.#end;
  }

  /** Frees every block from an address on. */
  release(end: number): void {
    this.#end = end;
  }

  /**
   * The address of a new block, whose content is not defined.
   *
   * @throws {RangeError} If the memory cannot be had
   */
  allocate(bytes: number): number {
    const start = this.#end;
    const end = start + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const { memory } = this.exports;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      try {
        memory.grow(missing);
      } catch (cause) {
        const megabytes = Math.ceil(end / 1e6);
        throw new RangeError(
          `Cannot draw catalogs: the core needs ${megabytes} MB of memory, which cannot be had`,
          { cause },
        );
      }
    }
    this.#end = end;
    return start;
  }

  /** Copies numbers into a new block of float32. */
  placeFloats(values: ArrayLike<number>): number {
    const start = this.allocate(values.length * 4);
    this.floats(start, values.length).set(values);
    return start;
  }

  /** Copies whole numbers into a new block of int32. */
  placeIntegers(values: ArrayLike<number>): number {
    const start = this.allocate(values.length * 4);
    this.integers(start, values.length).set(values);
    return start;
  }

  /** A view of float32 numbers, valid until the next allocation. */
  floats(start: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.exports.memory.buffer as ArrayBuffer, start, length);
  }

  /** A view of int32 numbers, valid until the next allocation. */
  integers(start: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.exports.memory.buffer as ArrayBuffer, start, length);
  }
}

/** Bytes of an array after which glibc keeps what is freed; the largest that it learns from is 32 MB. */
const KEPT = 31e6;
let isKept = false;

/**
 * Has the process keep the memory of arrays that are no longer used, so that new ones find it mapped.
 * glibc gives back to the system what is freed, unless an array as large as this was freed before
 * (mallopt(3), "M_MMAP_THRESHOLD"); a new page costs up to 5 us on a virtual machine, which is 90 ns per
 * cluster. The array is never written, so that it takes no memory itself; elsewhere nothing changes.
 */
export function keepFreedMemory(): void {
  if (isKept) return;
  isKept = true;
  new ArrayBuffer(KEPT).transfer(0);
}
