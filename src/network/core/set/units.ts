/**
 * Chunks as units of work that threads take one after the other (`assembly/units.ts`). The operations of all
 * chunks are the same but for numbers that grow with a chunk's fields, so they are written once.
 */
import type { CoreLayers } from "../layers.ts";
import * as op from "../opcodes.ts";
import { Program } from "../program.ts";
import { shardBytes } from "../shards.ts";
import type { SetChunk } from "./chunks.ts";
import type { SetSetting } from "./places.ts";
import type { SetLayout } from "./layout.ts";
import type { UnitPlan } from "./unit_plan.ts";

/** A chunk, and where the gradients of its weights go. */
export interface Unit {
  readonly chunk: SetChunk;
  /** Number of the chunk in the batch. */
  readonly index: number;
  readonly gradients: number;
  readonly mode: "overwrite" | "add";
}

/** Fields of a unit on which its operations depend, in the order of its record. */
const FIELDS = [
  "first",
  "count",
  "tiles",
  "from",
  "to",
  "place",
  "index",
  "gradients",
  "isAdded",
] as const;
type Field = typeof FIELDS[number];
type Fields = Readonly<Record<Field, number>>;
const ZERO = Object.fromEntries(FIELDS.map((field) => [field, 0])) as Fields;

/** Writes the operations of a unit. */
type WriteUnit = (setting: SetSetting, unit: Unit) => void;

/**
 * Adds the operation by which threads take the batch's chunks.
 *
 * @param key All that the operations depend on, but for the layout and the units
 */
export function addUnits(
  setting: SetSetting,
  units: UnitPlan,
  key: string,
  write: WriteUnit,
): void {
  const { plan, program, layers, memory } = setting;
  const { words, moves } = templateOf(setting, units, key, write);
  program.add(op.UNITS, -1, [
    (Math.ceil(words.length / WORDS) + Math.ceil(moves.length / WORDS)) * op.OPERATION_BYTES,
    words.length / WORDS,
    moves.length / 3,
    plan.shards.length,
    units.ranges,
    units.counters,
    units.records,
    slotStride(setting),
    units.scratch,
    units.scratchBytes,
  ]);
  program.addWords(words);
  program.addWords(moves);
  for (const [s, { from, to }] of plan.shardChunks.entries()) {
    const gradients = s === 0
      ? setting.gradients
      : plan.shardGradients + (s - 1) * shardBytes(layers);
    for (let index = from; index < to; index++) {
      const chunk = plan.chunks[index]!;
      const { first, count, tiles, place } = chunk;
      const isAdded = index === from ? 0 : 1;
      // In the order of FIELDS.
      const record = [first, count, tiles, chunk.from, chunk.to, place, index, gradients, isAdded];
      memory.ints.set(record, (units.records + index * op.UNIT_BYTES) / 4);
    }
  }
}

/** The operations of a unit whose fields are all zero, and how their words change with the fields. */
interface Template {
  readonly key: string;
  readonly words: Int32Array;
  readonly moves: Int32Array;
}

/** The last template of each layout. */
const TEMPLATES = new WeakMap<SetLayout, Template>();

function templateOf(
  setting: SetSetting,
  units: UnitPlan,
  key: string,
  write: WriteUnit,
): Template {
  const known = TEMPLATES.get(setting.plan.layout);
  if (known?.key === key) return known;
  const words = writeFields(setting, write, new Program(setting.memory), ZERO, 0);
  if (words.length * 4 > units.scratchBytes) {
    throw new RangeError(
      `Cannot run the network: a chunk takes ${words.length / WORDS} operations, room is for ` +
        `${units.scratchBytes / op.OPERATION_BYTES}`,
    );
  }
  const template = { key, words, moves: movesOf(setting, write, words) };
  TEMPLATES.set(setting.plan.layout, template);
  return template;
}

const WORDS = op.OPERATION_BYTES / 4;

/** A setting of which the transposed kernels are those of a slot. */
export function atSlot(setting: SetSetting, slot: number): SetSetting {
  const { plan } = setting;
  return { ...setting, plan: { ...plan, transposed: plan.slots[slot]!.transposed } };
}

/** Bytes from one thread's slot to the next. */
function slotStride({ plan: { slots } }: SetSetting): number {
  const [first, second] = slots.map(({ encoder }) => encoder.values[0]!.start);
  return second === undefined ? 0 : second - first!;
}

/** The words of the operations of a unit with these fields, in a slot. */
function writeFields(
  setting: SetSetting,
  write: WriteUnit,
  program: Program,
  { index, gradients, isAdded, ...fields }: Fields,
  slot: number,
): Int32Array {
  program.clear();
  const chunk: SetChunk = { ...fields, thread: 0, slot, rows: setting.plan.rowTable };
  const mode = isAdded ? "add" : "overwrite";
  write({ ...atSlot(setting, slot), program }, { chunk, index, gradients, mode });
  return program.words;
}

/** Which words of a unit's operations grow with which fields, and the codes of the operations. */
interface Moves {
  readonly codes: readonly number[];
  readonly triples: Int32Array;
}

/** The moves of each network, which are the same from batch to batch. */
const MOVES = new WeakMap<CoreLayers, Moves>();

/** Triples of a word, a field and a factor: how the words of `base` change with the fields. */
function movesOf(setting: SetSetting, write: WriteUnit, base: Int32Array): Int32Array {
  const codes = Array.from({ length: base.length / WORDS }, (_, i) => base[i * WORDS]!);
  const known = MOVES.get(setting.layers);
  if (known?.codes.length === codes.length && codes.every((code, i) => code === known.codes[i])) {
    return known.triples;
  }
  const triples: number[] = [];
  const program = new Program(setting.memory);
  const compare = (words: Int32Array, field: number, unit: number) => {
    for (const [at, word] of words.entries()) {
      if (word !== base[at]) triples.push(at, field, ((word - base[at]!) | 0) / unit);
    }
  };
  for (const [f, field] of FIELDS.entries()) {
    compare(writeFields(setting, write, program, { ...ZERO, [field]: 1 }, 0), f, 1);
  }
  const stride = slotStride(setting);
  if (stride > 0) {
    compare(writeFields(setting, write, program, ZERO, 1), op.SLOT_FIELD, stride);
  }
  const moves = { codes, triples: Int32Array.from(triples) };
  MOVES.set(setting.layers, moves);
  return moves.triples;
}
