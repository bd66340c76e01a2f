/**
 * Threads on one shared memory: a worker waits for jobs, and all wait for each other at a barrier.
 *
 * Waiting spins for about a tenth of a millisecond, since most waits are shorter than a system
 * call, and then sleeps. A thread that has failed sets a flag that ends every wait.
 */
import { ARRIVED, CONTROL, FAILED, JOB, PASSED, PROGRAM, THREADS } from "../opcodes";

/** Number of reads of a word before the thread sleeps. */
const SPINS: i32 = 100000;
/** Length of one sleep [ns]. */
const SLEEP: i64 = 1000000000;
/** Sleeps without a change after which another thread counts as dead. */
const SLEEPS: i32 = 100;

/** Waits until the word at `at` differs from `value`; returns 1 after a failure, else 0. */
function awaitChange(at: usize, value: i32, patience: i32): i32 {
  for (let i = 0; i < SPINS; i++) {
    if (atomic.load<i32>(at) != value) return 0;
  }
  let sleeps = 0;
  while (atomic.load<i32>(at) == value) {
    if (atomic.load<i32>(CONTROL + FAILED)) return 1;
    atomic.wait<i32>(at, value, SLEEP);
    if (++sleeps == patience) {
      fail();
      return 1;
    }
  }
  return 0;
}

/** Waits until all threads are here; returns 1 if one of them has failed, else 0. */
export function barrier(threads: i32): i32 {
  if (threads == 1) return 0;
  if (atomic.load<i32>(CONTROL + FAILED)) return 1;
  const passed = atomic.load<i32>(CONTROL + PASSED);
  if (atomic.add<i32>(CONTROL + ARRIVED, 1) != threads - 1) {
    return awaitChange(CONTROL + PASSED, passed, SLEEPS);
  }
  atomic.store<i32>(CONTROL + ARRIVED, 0);
  atomic.add<i32>(CONTROL + PASSED, 1);
  atomic.notify(CONTROL + PASSED, -1);
  return 0;
}

/** Records that a thread has failed, and wakes the others. */
export function fail(): void {
  atomic.store<i32>(CONTROL + FAILED, 1);
  atomic.notify(CONTROL + PASSED, -1);
}

/** Gives all workers a program; 0 ends them. */
export function start(program: usize, threads: i32): void {
  store<i32>(CONTROL + PROGRAM, <i32> program);
  store<i32>(CONTROL + THREADS, threads);
  atomic.add<i32>(CONTROL + JOB, 1);
  atomic.notify(CONTROL + JOB, -1);
}

/** Waits for the job after number `job` and returns its program. */
export function nextProgram(job: i32): usize {
  awaitChange(CONTROL + JOB, job, 0);
  return <usize> atomic.load<i32>(CONTROL + PROGRAM);
}

/** Number of threads of the current job. */
export function threadCount(): i32 {
  return load<i32>(CONTROL + THREADS);
}
