/**
 * Threads on one shared memory: a worker waits for jobs, and all wait for each other at a barrier.
 *
 * Waiting spins for a while, since most waits are shorter than a system call, and then sleeps. A wait that ends
 * while a thread spins doubles how long it spins the next time, one that does not halves it; waits for a job
 * and waits for another thread are judged apart. Between two looks a thread rests: WASM has no instruction for that, so it takes a root of a root, which keeps a divider
 * busy and leaves all else of a core to the thread that it may share it with. A thread that has failed sets a
 * flag that ends every wait.
 */
import { ARRIVED, CONTROL, FAILED, JOB, PASSED, PROGRAM, THREADS } from "../opcodes";

/** Looks at a word before the thread goes to sleep: half a millisecond at most, ten microseconds at least. */
const MOST_SPINS: i32 = 40000;
const LEAST_SPINS: i32 = 1000;
/**
 * The looks of the next wait, for a job and for another thread: on a busy machine waits are long, and who looks
 * on takes time from others.
 */
let jobSpins: i32 = MOST_SPINS;
let spins: i32 = MOST_SPINS;
/** Of so many jobs one is looked for as long as can be, since shorter looks do not tell if that pays. */
const TRIAL: i32 = 32;
/** Length of one sleep [ns]. */
const SLEEP: i64 = 1000000000;
/** Sleeps without a change after which another thread counts as dead. */
const SLEEPS: i32 = 100;

/** Looks at the word at `at` until it differs from `value`, so often at most; returns whether it does. */
function look(at: usize, value: i32, most: i32): bool {
  let rest: f64 = 2;
  for (let i = 0; i < most; i++) {
    if (atomic.load<i32>(at) != value) return true;
    rest = Math.sqrt(Math.sqrt(rest)) + 1;
    if (rest < 1) return true; // never: without it the roots would be left out
  }
  return false;
}

@inline
function adapt(spins: i32, isFound: bool): i32 {
  return isFound ? min(MOST_SPINS, 2 * spins) : max(LEAST_SPINS, spins >> 1);
}

/** Waits until the word at `at` differs from `value`; returns 1 after a failure, else 0. */
function awaitChange(at: usize, value: i32, patience: i32): i32 {
  const isFound = look(at, value, spins);
  spins = adapt(spins, isFound);
  return isFound ? 0 : sleep(at, value, patience);
}

/** Sleeps until the word at `at` differs from `value`; returns 1 after a failure, else 0. */
function sleep(at: usize, value: i32, patience: i32): i32 {
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

/** Waits until the word at `at` is `value` or more; returns 1 after a failure, else 0. */
export function awaitCount(at: usize, value: i32): i32 {
  let now = atomic.load<i32>(at);
  while (now < value) {
    if (awaitChange(at, now, SLEEPS)) return 1;
    now = atomic.load<i32>(at);
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
  const most = job % TRIAL ? jobSpins : MOST_SPINS;
  const isFound = look(CONTROL + JOB, job, most);
  jobSpins = adapt(isFound ? most : jobSpins, isFound);
  if (!isFound) sleep(CONTROL + JOB, job, 0);
  return <usize> atomic.load<i32>(CONTROL + PROGRAM);
}

/** Number of threads of the current job. */
export function threadCount(): i32 {
  return load<i32>(CONTROL + THREADS);
}
