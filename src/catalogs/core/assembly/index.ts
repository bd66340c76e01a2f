/** Draws catalogs (section 2.2) straight into rows of network inputs. */
import { sumCounts } from "./abundance";
import { drawNumbers, pickNeighbors, placeClusters } from "./clusters";
import { logarithm, storeNormals } from "./elementary";
import { takeTerms, Terms, theJob, theTerms } from "./job";
import { drawArrivals, findMasses } from "./masses";
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
    setKey(theTerms().key0, theTerms().key1, 0);
    const count = drawArrivals(sumCounts(), job.capacity - rows);
    if (count < 0) return c;
    drawNumbers(count);
    findMasses(count);
    pickNeighbors(count);
    placeClusters(count);
    if (!job.byLuminosity) drawKeys(count);
    orderRows(count);
    writeRows(rows, count);
    store<i32>(job.heights + <usize> c * 4, count);
    rows += count;
  }
  return job.catalogs;
}

/** Sixteen blocks in a row, for the test against numerics/random.ts; 128 bytes. */
export function blocks(out: usize, key0: u32, key1: u32, counter: i32): void {
  setKey(key0, key1, 0);
  threefry(out, counter, 4, 8);
}

/** ln of the uniform numbers of four words in place, for the test of its accuracy. */
export function logarithms(at: usize): void {
  v128.store(at, logarithm(v128.load(at)));
}

/** Eight normal numbers from eight words in place, for the same. */
export function normals(at: usize): void {
  storeNormals(at);
}
