/**
 * Writes programs for the core: operations one after the other, each done by one thread.
 *
 * @module
 */
import type { CoreMemory } from "./memory.ts";
import { BARRIER, END, OPERATION_BYTES } from "./opcodes.ts";

const WORDS = OPERATION_BYTES / 4;

/** A program under way. */
export class Program {
  readonly #memory: CoreMemory;
  readonly #words: number[] = [];
  readonly #floats: [word: number, value: number][] = [];

  /** An empty program. */
  constructor(memory: CoreMemory) {
    this.#memory = memory;
  }

  /** Bytes that {@linkcode write} fills. */
  get bytes(): number {
    return (this.#words.length + WORDS) * 4;
  }

  /** Adds an operation: whole numbers first, then floats, in the order of its function. */
  add(
    code: number,
    thread: number,
    ints: readonly number[],
    floats: readonly number[] = [],
  ): void {
    const words = this.#words;
    const start = words.length;
    words.push(code, thread, ...ints);
    for (const value of floats) {
      this.#floats.push([words.length, value]);
      words.push(0);
    }
    while (words.length < start + WORDS) words.push(0);
  }

  /** Every thread waits here for the others. */
  barrier(): void {
    this.add(BARRIER, -1, []);
  }

  /** Copies the program to an address. */
  write(address: number): void {
    const { ints, floats } = this.#memory;
    const start = address / 4;
    ints.set(this.#words, start);
    for (const [word, value] of this.#floats) floats[start + word] = value;
    ints[start + this.#words.length] = END;
  }
}
