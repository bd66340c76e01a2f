/** Draws catalogs (section 2.2) straight into rows of network inputs. */
import { sumCounts } from "./abundance";
import { drawClusters } from "./clusters";
import { storeLogarithms, storeNormals } from "./elementary";
import { Job, Terms } from "./job";
import { drawKeys, orderRows } from "./order";
import { writeRows } from "./rows";
import { threefry } from "./threefry";

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

/** The twelve blocks of one step, for the test against numerics/random.ts; 96 bytes. */
export function blocks(out: usize, key0: u32, key1: u32, counter: i32): void {
  threefry(out, key0, key1, counter, 0);
}

/** ln of the uniform numbers of twelve words in place, for the test of its accuracy. */
export function logarithms(at: usize): void {
  storeLogarithms(at, v128.load(at), v128.load(at, 16), v128.load(at, 32));
}

/** Eight normal numbers from four logarithms and four words in place, for the same. */
export function normals(at: usize): void {
  storeNormals(at, v128.load(at), v128.load(at, 16));
}
