/**
 * The kernels of a set regression on the WASM core, one by one, each beside its plain reference.
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Core } from "../src/network/core/core.ts";
import { openCore } from "../src/network/core/core.ts";
import * as op from "../src/network/core/opcodes.ts";
import { Program } from "../src/network/core/program.ts";
import { createRandom } from "../src/numerics/random.ts";
import { tieLoss } from "./set_reference.ts";

const random = createRandom(6);

function normals(length: number): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

/** Catalogs of a batch, and the chunk of them that a kernel works on: all but the first and the last. */
const OFFSETS = Int32Array.of(0, 4, 11, 12, 50, 55);
const [FROM, TO] = [1, 4];
const FIRST = OFFSETS[FROM]!;
const ROWS = OFFSETS[TO]! - FIRST;
const CATALOGS = Array.from({ length: TO - FROM }, (_, c) => ({
  catalog: FROM + c,
  rows: Array.from(
    { length: OFFSETS[FROM + c + 1]! - OFFSETS[FROM + c]! },
    (_, r) => OFFSETS[FROM + c]! - FIRST + r,
  ),
}));
/** Rows of panels: more than there are. */
const ROOM = 48;
/** Factors of a leaky ReLU. */
const SLOPE = Math.fround(0.3);

/** The core with the arrays that a kernel reads and writes. */
class Bench {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  floats(values: Float32Array): number {
    const address = this.#core.memory.allocate(4 * values.length);
    this.#core.memory.floats.set(values, address / 4);
    return address;
  }

  ints(values: Int32Array): number {
    const address = this.#core.memory.allocate(4 * values.length);
    this.#core.memory.ints.set(values, address / 4);
    return address;
  }

  read(address: number, length: number): Float32Array {
    return this.#core.memory.floats.slice(address / 4, address / 4 + length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#core.memory.memory.buffer, address, length).slice();
  }

  run(code: number, ints: readonly number[], values: readonly number[] = []): void {
    const program = new Program(this.#core.memory);
    program.add(code, 0, ints, values);
    this.#core.run(program);
  }
}

/** A test of kernels on a core of one thread. */
function kernelTest(name: string, run: (bench: Bench) => void): void {
  Deno.test(name, async () => {
    const core = await openCore({ threads: 1 });
    run(new Bench(core));
    core.close();
  });
}

/** A unit of a row in panels of 8. */
function unitOf(panels: Float32Array, row: number, unit: number, room = ROOM): number {
  return panels[(unit >> 3) * room * 8 + row * 8 + unit % 8]!;
}

function assertNear(found: number, wanted: number, tolerance: number, name: string): void {
  assertLessOrEqual(Math.abs(found - wanted), tolerance, `${name}: ${found} is not ${wanted}`);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

kernelTest("sines and cosines are within 1e-7 of the truth, near and far from zero", (bench) => {
  const factors = Float32Array.of(2, 4, 8, 16, 0.37);
  const [seen, length] = [2, factors.length];
  const rows = 20000;
  const panels = 2; // 2 x 2 values, 5 sines and 5 cosines
  const x = new Float32Array(panels * rows * 8);
  for (let r = 0; r < rows; r++) x[r * 8 + seen] = r % 2 ? 300 * random.normal() : random.normal();
  const address = bench.floats(x);
  const table = bench.floats(Float32Array.of(...factors, 0, 0, 0));
  bench.run(op.PERIODIC, [address, rows * 32, seen, table, length, rows]);
  const found = bench.read(address, x.length);
  let most = 0;
  for (let r = 0; r < rows; r++) {
    for (const [f, factor] of factors.entries()) {
      const angle = factor * x[r * 8 + seen]!;
      const [sine, cosine] = [2 * seen + f, 2 * seen + length + f]
        .map((unit) => unitOf(found, r, unit, rows)) as [number, number];
      most = Math.max(most, Math.abs(sine - Math.sin(angle)), Math.abs(cosine - Math.cos(angle)));
    }
  }
  assertLessOrEqual(most, 1e-7);
});

for (const seen of [1, 3, 10]) {
  kernelTest(
    `${seen} values of a cluster are joined with their deviations from the mean`,
    (bench) => {
      const terse = normals(ROWS);
      const supplementary = normals(OFFSETS.at(-1)! * (seen - 1));
      const panels = Math.ceil(2 * seen / 8);
      const x = bench.floats(new Float32Array(panels * ROOM * 8).fill(NaN));
      const means = bench.floats(new Float32Array(5 * seen).fill(NaN));
      bench.run(op.DEVIATE, [
        ...[bench.floats(terse), 4, bench.floats(supplementary), seen, bench.ints(OFFSETS)],
        ...[FROM, TO, x, ROOM * 32, panels, means],
      ]);
      const found = bench.read(x, panels * ROOM * 8);
      const foundMeans = bench.read(means, 5 * seen);
      for (const { catalog, rows } of CATALOGS) {
        for (let k = 0; k < seen; k++) {
          const values = rows.map((row) =>
            k === 0 ? terse[row]! : supplementary[(FIRST + row) * (seen - 1) + k - 1]!
          );
          const wanted = mean(values);
          assertNear(foundMeans[catalog * seen + k]!, wanted, 1e-7, "mean");
          for (const [i, row] of rows.entries()) {
            assertEquals(unitOf(found, row, k), values[i]);
            assertNear(unitOf(found, row, seen + k), values[i]! - wanted, 3e-7, "deviation");
          }
        }
        for (const row of rows) {
          for (let k = 2 * seen; k < panels * 8; k++) assertEquals(unitOf(found, row, k), 0);
        }
      }
    },
  );
}

kernelTest(
  "the gradient of a terse value comes by its inputs and by the catalog's mean",
  (bench) => {
    const [seen, factors] = [2, Float32Array.of(1.5, 3, 0.2)];
    const panels = 2; // 4 values, 3 sines and 3 cosines
    const x = normals(panels * ROOM * 8);
    const dx = normals(panels * ROOM * 8);
    const dMean = normals(5 * 8);
    const dSeen = normals(ROOM * 8);
    const padded = 48;
    const target = bench.floats(new Float32Array(padded * 8).fill(NaN));
    for (const withContext of [false, true]) {
      bench.run(op.UNDEVIATE, [
        ...[bench.floats(dx), bench.floats(x), ROOM * 32, seen, bench.floats(factors), 3],
        ...[bench.ints(OFFSETS), FROM, TO, bench.floats(dMean)],
        ...[withContext ? bench.floats(dSeen) : 0, target, padded],
      ]);
      const found = bench.read(target, padded * 8);
      for (const { catalog, rows } of CATALOGS) {
        const deviations = rows.map((row) => {
          const of = (panels: Float32Array, unit: number) => unitOf(panels, row, unit);
          return [...factors].reduce(
            (sum, factor, f) =>
              sum + factor * (of(x, 7 + f) * of(dx, 4 + f) - of(x, 4 + f) * of(dx, 7 + f)),
            of(dx, seen),
          );
        });
        const share = dMean[catalog * 8]! / rows.length - mean(deviations);
        for (const [i, row] of rows.entries()) {
          const context = withContext ? dSeen[row * 8]! : 0;
          const wanted = unitOf(dx, row, 0) + deviations[i]! + context + share;
          assertNear(unitOf(found, row, 0), wanted, 3e-6, `row ${row}`);
          for (let k = 1; k < 8; k++) assertEquals(unitOf(found, row, k), 0);
        }
      }
      assertEquals(found.subarray(ROWS * 8), new Float32Array((padded - ROWS) * 8));
    }
  },
);

kernelTest("a catalog's number of clusters is described beside its means", (bench) => {
  for (const seen of [0, 3, 8]) {
    const panels = Math.ceil((2 + seen) / 8);
    const means = normals(5 * Math.max(1, seen));
    const target = bench.floats(new Float32Array(panels * ROOM * 8).fill(NaN));
    bench.run(op.DESCRIBE, [
      ...[bench.ints(OFFSETS), FROM, TO, bench.floats(means), seen, target, ROOM * 32],
    ], [80]);
    const found = bench.read(target, panels * ROOM * 8);
    for (const { catalog, rows } of CATALOGS) {
      assertNear(unitOf(found, catalog, 0), rows.length / 80 - 1, 1e-7, "N / 80 - 1");
      assertNear(unitOf(found, catalog, 1), Math.log(rows.length / 80), 3e-7, "ln(N / 80)");
      for (let k = 2; k < panels * 8; k++) {
        const wanted = k < 2 + seen ? means[catalog * seen + k - 2] : 0;
        assertEquals(unitOf(found, catalog, k), wanted);
      }
    }
  }
});

for (const panels of [1, 2, 5, 8]) {
  kernelTest(`sums and means over catalogs, and their gradients: ${panels} panels`, (bench) => {
    const x = normals(panels * ROOM * 8);
    const y = normals(panels * ROOM * 8);
    const offsets = bench.ints(OFFSETS);
    for (const isMean of [0, 1]) {
      for (const isMasked of [false, true]) {
        const mask = isMasked ? bench.floats(y) : 0;
        const slopeAt = (row: number, unit: number) =>
          !isMasked || unitOf(y, row, unit) > 0 ? 1 : SLOPE;
        const from = bench.floats(x);
        const target = () => bench.floats(new Float32Array(panels * ROOM * 8).fill(NaN));
        const places = [ROOM * 32, panels, offsets, FROM, TO] as const;
        const gathered = target();
        bench.run(op.GATHER, [from, ...places, gathered, ROOM * 32, isMean, mask], [SLOPE]);
        const sums = bench.read(gathered, panels * ROOM * 8);
        const spread = target();
        bench.run(op.SPREAD, [from, ...places, spread, ROOM * 32, isMean, mask], [SLOPE]);
        const shares = bench.read(spread, panels * ROOM * 8);
        for (const { catalog, rows } of CATALOGS) {
          const factor = isMean ? 1 / rows.length : 1;
          for (let k = 0; k < panels * 8; k++) {
            const sum = rows.reduce((sum, row) => sum + unitOf(x, row, k), 0);
            const wanted = sum * factor * slopeAt(catalog, k);
            assertNear(unitOf(sums, catalog, k), wanted, 1e-5, "sum");
            for (const row of rows) {
              const share = unitOf(x, catalog, k) * factor * slopeAt(row, k);
              assertNear(unitOf(shares, row, k), share, 1e-6, "share");
            }
          }
        }
      }
    }
  });
}

kernelTest("a tie adds its loss and gradient to what is there", (bench) => {
  const [count, weight] = [5, 2.5];
  const terse = normals(ROOM * 8);
  const gradients = normals(ROOM * 8);
  const column = normals(OFFSETS.at(-1)!);
  // Rows lie in any order: their places are in a table of the whole batch.
  const order = Array.from({ length: ROWS }, (_, r) => ROWS - 1 - r);
  const places = new Int32Array(OFFSETS.at(-1)!);
  for (const [r, place] of order.entries()) places[FIRST + r] = place * 32;
  const losses = bench.floats(new Float32Array(2 * count));
  const target = bench.floats(gradients);
  bench.run(op.TIE, [
    ...[bench.floats(terse), target, bench.ints(places), bench.floats(column)],
    ...[bench.ints(OFFSETS), FROM, TO, losses, count],
  ], [weight]);
  const found = bench.read(target, ROOM * 8);
  const foundLosses = bench.doubles(losses, count);
  for (const { catalog, rows } of CATALOGS) {
    const values = rows.map((row) => terse[order[row]! * 8]!);
    const wanted = rows.map((row) => column[FIRST + row]!);
    assertNear(foundLosses[catalog]!, weight * tieLoss(values, wanted), 1e-6, "loss");
    const shift = mean(wanted) - mean(values);
    for (const [i, row] of rows.entries()) {
      const left = wanted[i]! - values[i]! - shift;
      const at = order[row]! * 8;
      const gradient = gradients[at]! - 2 * weight * left / (rows.length * count);
      assertNear(found[at]!, gradient, 1e-6, "gradient");
    }
  }
  assertEquals([foundLosses[0], foundLosses[4]], [0, 0]);
});

kernelTest("rows that are not tied take no part in a tie, nor do catalogs without one", (bench) => {
  const [count, weight] = [5, 2.5];
  const terse = normals(ROOM * 8);
  const gradients = normals(ROOM * 8);
  const column = normals(OFFSETS.at(-1)!);
  const places = Int32Array.from(column, (_, r) => Math.max(0, r - FIRST) * 32);
  const [bare, ...others] = CATALOGS;
  for (const row of bare!.rows) column[FIRST + row] = NaN;
  for (const { rows } of others) if (rows.length > 2) column[FIRST + rows[1]!] = NaN;
  const losses = bench.floats(new Float32Array(2 * count));
  const target = bench.floats(gradients);
  bench.run(op.TIE, [
    ...[bench.floats(terse), target, bench.ints(places), bench.floats(column)],
    ...[bench.ints(OFFSETS), FROM, TO, losses, count],
  ], [weight]);
  const found = bench.read(target, ROOM * 8);
  const foundLosses = bench.doubles(losses, count);
  assert(others.some(({ rows }) => rows.length > 2));
  for (const { catalog, rows } of CATALOGS) {
    const tied = rows.filter((row) => !Number.isNaN(column[FIRST + row]!));
    const values = tied.map((row) => terse[row * 8]!);
    const wanted = tied.map((row) => column[FIRST + row]!);
    const loss = tied.length === 0 ? 0 : weight * tieLoss(values, wanted);
    assertNear(foundLosses[catalog]!, loss, 1e-6, "loss");
    const shift = tied.length === 0 ? 0 : mean(wanted) - mean(values);
    for (const row of rows) {
      const i = tied.indexOf(row);
      const left = i < 0 ? 0 : wanted[i]! - values[i]! - shift;
      const gradient = gradients[row * 8]! - 2 * weight * left / (tied.length * count || 1);
      assertNear(found[row * 8]!, gradient, 1e-6, "gradient");
    }
  }
});

kernelTest("rows come out of panels as they were", (bench) => {
  for (const width of [1, 8, 15]) {
    const rows = normals(ROWS * width);
    const panels = Math.ceil(width / 8);
    const inside = bench.floats(new Float32Array(panels * ROOM * 8));
    const back = bench.floats(new Float32Array(ROWS * width));
    bench.run(op.INPUT, [bench.floats(rows), width, inside, ROOM * 32, ROWS, ROOM]);
    bench.run(op.OUTPUT, [inside, ROOM * 32, width, ROWS, back]);
    assertEquals(bench.read(back, ROWS * width), rows);
  }
});
