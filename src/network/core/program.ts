/** Programs for the core: operations one after the other, each done by one thread. */
import type { CoreMemory } from "./memory.ts";
import { BARRIER, CLAIM, END, OPERATION_BYTES } from "./opcodes.ts";

const WORDS = OPERATION_BYTES / 4;

/** Word of a claim that says how many bytes it covers; the one before it says that it is taken. */
const CLAIM_BYTES = 3;

/** Initial capacity of a program in words. */
const ROOM = 256 * WORDS;

/** A program that is being written. */
export class Program {
  readonly #memory: CoreMemory;
  #words: Int32Array<ArrayBuffer> = new Int32Array(ROOM);
  /** The program's words, read as floats for arguments that are floats. */
  #floats: Float32Array = new Float32Array(this.#words.buffer);
  #length = 0;

  /** An empty program. */
  constructor(memory: CoreMemory) {
    this.#memory = memory;
  }

  /** Removes all operations, so that the program can be reused. */
  clear(): void {
    this.#length = 0;
  }

  /** Size in bytes of the program that {@linkcode write} writes. */
  get bytes(): number {
    return (this.#length + WORDS) * 4;
  }

  /** Adds an operation: whole numbers, then floats, in the order of its function's arguments. */
  add(
    code: number,
    thread: number,
    ints: readonly number[],
    floats: readonly number[] = [],
  ): void {
    if (this.#length + 2 * WORDS > this.#words.length) this.#grow();
    const [words, values] = [this.#words, this.#floats];
    let at = this.#length;
    words[at++] = code;
    words[at++] = thread;
    for (let i = 0; i < ints.length; i++) words[at++] = ints[i]!;
    for (let i = 0; i < floats.length; i++) values[at++] = floats[i]!;
    this.#length += WORDS;
  }

  /** All words so far, valid until more are added. */
  get words(): Int32Array {
    return this.#words.subarray(0, this.#length);
  }

  /** Adds words as they are, which the operation before them reads; they end with a whole operation. */
  addWords(words: Int32Array): void {
    const { length } = words;
    while (this.#length + length + 2 * WORDS > this.#words.length) this.#grow();
    this.#words.set(words, this.#length);
    this.#length += Math.ceil(length / WORDS) * WORDS;
  }

  /** Adds operations that the first thread which comes by does, whichever they name. */
  claim(write: () => void): void {
    const at = this.#length;
    this.add(CLAIM, -1, [0, 0]);
    write();
    this.#words[at + CLAIM_BYTES] = 4 * (this.#length - at - WORDS);
  }

  /** Adds a barrier, at which every thread waits for the others. */
  barrier(): void {
    this.add(BARRIER, -1, []);
  }

  /** Copies the program to an address. */
  write(address: number): void {
    const end = this.#length;
    this.#words[end] = END;
    this.#memory.ints.set(this.#words.subarray(0, end + 1), address / 4);
  }

  #grow(): void {
    const words = new Int32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#floats = new Float32Array(words.buffer);
  }
}
