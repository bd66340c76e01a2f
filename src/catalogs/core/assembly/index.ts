/** Draws catalogs (section 2.2) straight into rows of network inputs. */
import { sumCounts } from "./abundance";
import { drawClusters } from "./clusters";
import { ln, storeNormals, toUniform } from "./elementary";
import { Job, Terms } from "./job";
import { drawKeys, orderRows } from "./order";
import { writeRows } from "./rows";

/**
 * Draws the catalogs of a job one after the other.
 *
 * @returns How many were drawn; fewer than asked for where the next does not fit into the capacity
 */
export function draw(address: usize): i32 {
  const job = changetype<Job>(address);
  let rows = 0;
  for (let c = 0; c < job.catalogs; c++) {
    const terms = changetype<Terms>(job.terms + <usize> c * offsetof<Terms>());
    const total = sumCounts(job, terms);
    const count = drawClusters(job, terms, total, job.capacity - rows);
    if (count < 0) return c;
    if (!job.byLuminosity) drawKeys(job, terms, count);
    orderRows(job, count);
    writeRows(job, rows, count);
    store<i32>(job.heights + <usize> c * 4, count);
    rows += count;
  }
  return job.catalogs;
}

/** ln of four numbers in place, for the tests of its accuracy. */
export function lnInPlace(at: usize): void {
  v128.store(at, ln(v128.load(at)));
}

/** Eight normal numbers from eight words in place, for the same. */
export function normalsInPlace(at: usize): void {
  storeNormals(at, v128.load(at), v128.load(at, 16));
}

/** Uniform numbers from four words in place, for the same. */
export function uniformInPlace(at: usize): void {
  v128.store(at, toUniform(v128.load(at)));
}
