/** Draws catalogs (section 2.2) straight into rows of network inputs. */
import { sumCounts } from "./abundance";
import { drawClusters } from "./clusters";
import { storeLogarithms, storeNormals } from "./elementary";
import { takeTerms, Terms, theJob } from "./job";
import { drawKeys, orderRows } from "./order";
import { writeRows } from "./rows";
import { setKey, threefry } from "./threefry";

/**
 * Draws the catalogs of the job one after the other.
 *
 * @returns How many were drawn; fewer than asked for where the next does not fit into the capacity
 */
export function draw(): i32 {
  const job = theJob();
  let rows = 0;
  for (let c = 0; c < job.catalogs; c++) {
    takeTerms(job.terms + <usize> c * offsetof<Terms>());
    const count = drawClusters(sumCounts(), job.capacity - rows);
    if (count < 0) return c;
    if (!job.byLuminosity) drawKeys(count);
    orderRows(count);
    writeRows(rows, count);
    store<i32>(job.heights + <usize> c * 4, count);
    rows += count;
  }
  return job.catalogs;
}

/** The twelve blocks of one step, for the test against numerics/random.ts; 96 bytes. */
export function blocks(out: usize, key0: u32, key1: u32, counter: i32): void {
  setKey(key0, key1, 0);
  threefry(out, counter);
}

/** ln of the uniform numbers of twelve words in place, for the test of its accuracy. */
export function logarithms(at: usize): void {
  storeLogarithms(at, v128.load(at), v128.load(at, 16), v128.load(at, 32));
}

/** Eight normal numbers from four logarithms and four words in place, for the same. */
export function normals(at: usize): void {
  storeNormals(at, v128.load(at), v128.load(at, 16));
}
