/** The WASM core's memory: tables that are written once, and space for one run of catalogs. */
import { MOCK_WASM } from "./mock_wasm.ts";

/** Functions and memory that the WASM module exports. */
export interface MockExports {
  /** The module's own memory. */
  readonly memory: WebAssembly.Memory;
  /** Draws the catalogs of the job; returns the number that fitted. */
  draw(): number;
  /** Writes sixteen blocks of a stream, 128 bytes. */
  blocks(out: number, key0: number, key1: number, counter: number): void;
  /** Replaces 4 words by ln of their uniform numbers. */
  logarithms(address: number): void;
  /** Replaces 8 words by 8 normal numbers. */
  normals(address: number): void;
}

const PAGE = 65536;
/** First address of the tables, after the fixed addresses of assembly/job.ts. */
const HEAP = 4096;
/** Alignment of blocks in bytes, one cache line. */
const ALIGNMENT = 64;

let compiled: WebAssembly.Module | undefined;

/** A new instance, with a memory of its own; the module is compiled once. */
export function openMockCore(): CoreMemory {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(MOCK_WASM.replaceAll("\n", "")), (letter) => letter.charCodeAt(0)),
  );
  return new CoreMemory(new WebAssembly.Instance(compiled).exports as unknown as MockExports);
}

/** An instance of the core, which keeps track of the memory in use. */
export class CoreMemory {
  /** Functions of the instance. */
  readonly exports: MockExports;
  #end = HEAP;

  /** Takes over a new instance. */
  constructor(exports: MockExports) {
    this.exports = exports;
  }

  /** Address of the next block; pass it to {@linkcode release} to free all blocks since. */
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
          `Cannot draw catalogs: the core needs ${megabytes} MB of memory, which cannot be allocated`,
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

/** Bytes of an array after which glibc keeps freed memory; it learns from sizes up to 32 MB. */
const KEPT = 31e6;
let isKept = false;

/**
 * Makes the process keep the memory of arrays that are no longer used, so that new arrays find it
 * mapped. glibc returns freed memory to the system, unless an array as large as this one was freed
 * before (mallopt(3), "M_MMAP_THRESHOLD"); a new page costs up to 5 us on a virtual machine, which
 * is 90 ns per cluster. The array is never written, so it takes no memory itself. Elsewhere nothing
 * changes.
 */
export function keepFreedMemory(): void {
  if (isKept) return;
  isKept = true;
  new ArrayBuffer(KEPT).transfer(0);
}
