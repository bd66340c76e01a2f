/**
 * Work in shards, for several machines: shard i of n does its part of a command's work in a folder
 * of its own, `OUT/shards/i_of_n`, so that no two processes write the same file.
 */
import { RunError, UsageError } from "../program/errors.ts";
import { exists } from "../program/files.ts";
import type { Option, OptionTable } from "../program/options.ts";
import { flag } from "../program/options.ts";

/** A part of the work of a command: one of several. */
export interface Shard {
  /** Number of the shard, from 1 to `of`. */
  readonly place: number;
  readonly of: number;
}

/** Values of the options of commands whose work can be split into shards. */
export interface ShardValues {
  readonly shard: Shard | undefined;
  readonly merge: boolean;
}

const SHARD = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/;

const SHARD_OPTION: Option<Shard | undefined> = {
  description: "do the I-th of N shards of the work, and no more; the bits do not depend on N",
  placeholder: "I/N",
  unit: "",
  fallback: undefined,
  fallbackText: "all of it",
  isRepeatable: false,
  expected: "I/N with I from 1 to N",
  read: ([text]) => {
    const [, place, of] = SHARD.exec(text!)?.map(Number) ?? [];
    return place !== undefined && of !== undefined && place <= of ? { place, of } : undefined;
  },
};

/** The options `--shard` and `--merge`. */
export const SHARD_OPTIONS: OptionTable<ShardValues> = {
  shard: SHARD_OPTION,
  merge: flag("join the shards, once all are there"),
};

/** Throws if a command is asked both to do a shard and to join shards. */
export function refuseBoth({ shard, merge }: ShardValues): void {
  if (!shard || !merge) return;
  throw new UsageError(
    "Cannot use --shard with --merge: the shards are merged by a run of its own",
  );
}

/** The name of a shard: "2/3". */
export function nameShard({ place, of }: Shard): string {
  return `${place}/${of}`;
}

/**
 * The things of a shard among `total`: from the first index to before the second.
 *
 * @throws {RunError} If there are more shards than things
 */
export function shardRange({ place, of }: Shard, total: number): readonly [number, number] {
  if (of > total) {
    throw new RunError(
      `Cannot make ${of} shards: there are ${total} to share, so at most that many shards`,
    );
  }
  return [Math.floor((place - 1) * total / of), Math.floor(place * total / of)];
}

/** The folder in which a shard works. */
export function shardFolder(folder: string, { place, of }: Shard): string {
  return `${folder}/shards/${place}_of_${of}`;
}

/** The folder in which a command works, a shard's or all of it. */
export function shardPlace(
  { out, shard }: { readonly out: string; readonly shard: Shard | undefined },
): string {
  return shard ? shardFolder(out, shard) : out;
}

/**
 * Finds the shards of a folder, and checks that each has a file.
 *
 * @param file What each must have written
 * @throws {RunError} If there are none, they are of different numbers, or some are missing
 */
export function findShards(folder: string, file: string): Shard[] {
  const names = exists(`${folder}/shards`)
    ? Array.from(Deno.readDirSync(`${folder}/shards`), ({ name }) => /^\d+_of_(\d+)$/.exec(name))
    : [];
  const numbers = [...new Set(names.flatMap((name) => name ? [Number(name[1])] : []))];
  const [of] = numbers;
  if (of === undefined || numbers.length > 1) {
    const found = numbers.length > 1 ? `of ${numbers.join(" and of ")}` : "missing";
    throw new RunError(
      `Cannot merge ${folder}/shards: shards are ${found}, those of one N are needed`,
    );
  }
  const shards = Array.from({ length: of }, (_, i) => ({ place: i + 1, of }));
  const missing = shards.filter((shard) => !exists(`${shardFolder(folder, shard)}/${file}`));
  if (missing.length === 0) return shards;
  throw new RunError(
    `Cannot merge ${folder}/shards: ${missing.map(nameShard).join(", ")} of ${file} missing, ` +
      "each must have run to its end",
  );
}

/**
 * What the shards of a folder have found, one list.
 *
 * @param found What a shard's folder has of its range
 * @param noun What is counted: "answers"
 * @throws {RunError} If a shard is missing or has not come to its end
 */
export function joinShards<T>(
  { folder, file, total, noun }: {
    readonly folder: string;
    readonly file: string;
    readonly total: number;
    readonly noun: string;
  },
  found: (folder: string, from: number, to: number) => readonly T[],
): T[] {
  return findShards(folder, file).flatMap((shard) => {
    const [from, to] = shardRange(shard, total);
    const records = found(shardFolder(folder, shard), from, to);
    if (records.length === to - from) return records;
    throw new RunError(
      `Cannot merge shard ${nameShard(shard)}: it has ${records.length} of ${to - from} ${noun}, ` +
        "run it to its end",
    );
  });
}
