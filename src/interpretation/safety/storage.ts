/** A safety reference as arrays and a header, to be saved next to its network's weights. */
import type { FeatureSpec } from "../../features/features.ts";
import { fieldsRead } from "../../features/fields_read.ts";
import { COLUMNS } from "../../features/features.ts";
import type { NamedArray, NamedArrays } from "../../numerics/arrays.ts";
import type { FieldKind } from "../../numerics/fields.ts";
import { checkField, recordOf } from "../../numerics/fields.ts";
import type { CatalogFaultName } from "../../observed/faults.ts";
import { CATALOG_FAULTS } from "../../observed/faults.ts";
import type { NetworkFindings } from "./network_findings.ts";
import type { SafetyReference } from "./reference.ts";
import type { UsualRange } from "./scaling.ts";
import type { TestName, UsualStatistic } from "./scores.ts";
import { makePool } from "./statistics.ts";
import type { TerseScale } from "./view.ts";

/** The content of a reference other than numbers; plain JSON. */
export interface SafetyHeader {
  /** Columns of the network. */
  readonly spec: FeatureSpec;
  /** Scale of the terse values. */
  readonly terse: TerseScale | null;
  /** Findings about the network itself. */
  readonly network: NetworkFindings;
  /** Names of the quantities. */
  readonly pools: readonly string[];
  /** The statistics without their ranges. */
  readonly usual: readonly Omit<UsualStatistic, "range">[];
  /** The faults, in the order of `directions`. */
  readonly faults: readonly CatalogFaultName[];
  /** The tests, in the order of `tests`. */
  readonly tests: readonly TestName[];
  /** The stabilities that vary. */
  readonly stability: readonly ("halfWidth" | "largest")[];
}

/** A reference in the form in which it is saved. */
export interface SavedSafetyReference {
  /** Everything but the arrays. */
  readonly header: SafetyHeader;
  /** Ranks and ranges, in Float32, which is precise enough. */
  readonly arrays: NamedArrays;
}

const RANGE_FIELDS = [
  "intercept",
  "rise",
  "floor",
  "perCluster",
  "low",
  "middle",
  "high",
] as const satisfies readonly (keyof UsualRange)[];

const STABILITIES = ["halfWidth", "largest"] as const;

/** A reference as arrays and a header; some 60 kB for the standard columns, 40 kB compressed. */
export function safetyReferenceToArrays(reference: SafetyReference): SavedSafetyReference {
  const { spec, terse, network, pools, usual, whitening, directions, tests, least } = reference;
  const stability = STABILITIES.filter((name) => reference.stability[name] !== null);
  const packRange = (range: UsualRange) => RANGE_FIELDS.map((field) => range[field]);
  return {
    header: {
      spec,
      terse,
      network,
      pools: pools.map(({ name }) => name),
      usual: usual.map(({ range: _, ...rest }) => rest),
      faults: directions.map(({ fault }) => fault),
      tests: tests.map(({ name }) => name),
      stability,
    },
    arrays: {
      pools: stack(
        pools.map(({ min, max, pivot, sample }) => [min, max, pivot, ...shorten(sample)]),
      ),
      usual: stack(usual.map(({ range }) => packRange(range))),
      whitening: stack([shorten(whitening.factor)]),
      directions: stack(directions.map(({ direction }) => shorten(direction))),
      tests: stack(tests.map(({ scores }) => shorten(scores))),
      least: stack([least]),
      stability: stack(stability.map((name) => packRange(reference.stability[name]!))),
    },
  };
}

const TEXT: FieldKind = { kind: "text" };
const TEXTS: FieldKind = { kind: "list", of: TEXT, least: 0 };
const NUMBER: FieldKind = { kind: "number" };

/** The fields of a header and the values that each may have. */
const HEADER: FieldKind = recordOf<SafetyHeader>({
  spec: recordOf<FeatureSpec>({
    pixels: { kind: "list", of: choice(Object.keys(COLUMNS)), least: 1 },
    supplementary: { kind: "list", of: choice(Object.keys(COLUMNS)), least: 0 },
    order: choice(["luminosity", "shuffled"]),
  }),
  terse: orNull(recordOf<TerseScale>({ offset: NUMBER, scale: { kind: "number", above: 0 } })),
  network: recordOf<NetworkFindings>({ partial: orNull(NUMBER), reasons: TEXTS }),
  pools: TEXTS,
  usual: {
    kind: "list",
    of: recordOf<Omit<UsualStatistic, "range">>({
      name: TEXT,
      kind: choice(["columns", "relations", "terse"]),
      isJoint: { kind: "boolean" },
      sides: choice(["both", "upper"]),
      place: { kind: "whole number", from: 0 },
      isCount: { kind: "boolean" },
    }),
    least: 0,
  },
  faults: { kind: "list", of: choice(Object.keys(CATALOG_FAULTS)), least: 0 },
  tests: TEXTS,
  stability: { kind: "list", of: choice(STABILITIES), least: 0 },
});

function choice(of: readonly string[]): FieldKind {
  return { kind: "choice", of };
}

function orNull(field: FieldKind): FieldKind {
  return { kind: "either", of: [{ kind: "choice", of: [null] }, field] };
}

/**
 * Throws unless a header and its arrays form a reference.
 *
 * @throws {TypeError | RangeError} Naming the field, what it is and what it should be
 */
function checkSaved({ header, arrays }: SavedSafetyReference): void {
  checkField(header, HEADER, "read safety reference");
  for (const [name, { data }] of Object.entries(arrays)) {
    const at = data.findIndex((value: number) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new RangeError(
      `Cannot read safety reference: ${name}[${at}] is ${data[at]}, expected a finite number`,
    );
  }
}

/**
 * The reference that {@linkcode safetyReferenceToArrays} saved.
 *
 * @throws {TypeError} If an array is missing or has not one row for each entry of the header
 * @throws {RangeError} If a field is not what it should be, or a number not finite
 */
export function safetyReferenceFromArrays(saved: SavedSafetyReference): SafetyReference {
  checkSaved(saved);
  const { header, arrays } = saved;
  const rows = (name: string, count: number) => unstack(arrays[name], name, count);
  const ranges = rows("usual", header.usual.length).map(unpackRange);
  const directions = rows("directions", header.faults.length);
  const scores = rows("tests", header.tests.length);
  const stability = rows("stability", header.stability.length).map(unpackRange);
  const stabilityOf = (name: typeof STABILITIES[number]) =>
    stability[header.stability.indexOf(name)] ?? null;
  return {
    spec: header.spec,
    fields: fieldsRead(header.spec),
    terse: header.terse,
    network: header.network,
    pools: rows("pools", header.pools.length).map(([min, max, pivot, ...sample], q) =>
      makePool({
        name: header.pools[q]!,
        min: min!,
        max: max!,
        pivot: pivot!,
        sample: Float64Array.from(sample),
      })
    ),
    usual: header.usual.map((statistic, s) => ({ ...statistic, range: ranges[s]! })),
    whitening: {
      size: header.usual.filter(({ isJoint }) => isJoint).length,
      factor: rows("whitening", 1)[0]!,
    },
    directions: header.faults.map((fault, f) => ({ fault, direction: directions[f]! })),
    tests: header.tests.map((name, t) => ({ name, scores: scores[t]! })),
    least: rows("least", 1)[0]!,
    stability: { halfWidth: stabilityOf("halfWidth"), largest: stabilityOf("largest") },
  };
}

/**
 * Factor that rounds away the last 11 of a number's 24 bits, when the product is added and subtracted again (Dekker 1971).
 * What is left, one part in 8000, is well below the sampling error of anything in a reference, and
 * compresses to two thirds.
 */
const SPLITTER = 2 ** 11 + 1;

function shorten(values: Float64Array): Float32Array {
  return Float32Array.from(values, (value) => {
    const split = Math.fround(SPLITTER * Math.fround(value));
    return Math.fround(split - Math.fround(split - Math.fround(value)));
  });
}

function unpackRange(values: Float64Array): UsualRange {
  const entries = RANGE_FIELDS.map((field, i) => [field, values[i]!]);
  return Object.fromEntries(entries) as unknown as UsualRange;
}

function stack(rows: readonly ArrayLike<number>[]): NamedArray {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  for (const [r, row] of rows.entries()) data.set(row, r * width);
  return { shape: [rows.length, width], data };
}

function unstack(array: NamedArray | undefined, name: string, count: number): Float64Array[] {
  if (array?.shape.length !== 2 || array.shape[0] !== count) {
    const found = array ? `of shape [${array.shape.join(" x ")}]` : "missing";
    throw new TypeError(
      `Cannot read safety reference: ${name} is ${found}, ${count} rows are expected`,
    );
  }
  const width = array.shape[1]!;
  return Array.from(
    { length: count },
    (_, r) => Float64Array.from(array.data.subarray(r * width, (r + 1) * width)),
  );
}
