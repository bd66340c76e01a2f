/**
 * Threads on one shared memory: a worker waits for jobs, and all wait for each other at a barrier.
 *
 * Waiting spins for a while, since most waits are shorter than a system call, and then sleeps. A wait that ends
 * while a thread spins, or so soon afterwards that it should have spun on, doubles how long it spins the next
 * time; a longer one halves it. Between two looks a thread rests: WASM has no instruction for that, so it takes a root of a root, which keeps a divider
 * busy and leaves all else of a core to the thread that it may share it with. A thread that has failed sets a
 * flag that ends every wait.
 */
import { ARRIVED, CONTROL, FAILED, JOB, PASSED, PROGRAM, THREADS } from "../opcodes";

/** Looks at a word before the thread goes to sleep: half a millisecond at most, ten microseconds at least. */
const MOST_SPINS: i32 = 40000;
const LEAST_SPINS: i32 = 1000;
/** The looks of the next wait: on a busy machine waits are long, and who looks on takes time from others. */
let spins: i32 = MOST_SPINS;
/** Length of the first sleep, about that of the most looks, and of the others [ns]. */
const FIRST_SLEEP: i64 = 500000;
const SLEEP: i64 = 1000000000;
/** What a sleep returns that nobody has ended. */
const TIMED_OUT: i32 = 2;
/** Sleeps without a change after which another thread counts as dead. */
const SLEEPS: i32 = 100;

@inline
function spinMore(): void {
  spins = min(MOST_SPINS, 2 * spins);
}

/** Waits until the word at `at` differs from `value`; returns 1 after a failure, else 0. */
function awaitChange(at: usize, value: i32, patience: i32): i32 {
  let rest: f64 = 2;
  for (let i = 0; i < spins; i++) {
    if (atomic.load<i32>(at) != value) {
      spinMore();
      return 0;
    }
    rest = Math.sqrt(Math.sqrt(rest)) + 1;
    if (rest < 1) return 1; // never: without it the roots would be left out
  }
  if (atomic.wait<i32>(at, value, FIRST_SLEEP) == TIMED_OUT) spins = max(LEAST_SPINS, spins >> 1);
  else spinMore();
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
  awaitChange(CONTROL + JOB, job, 0);
  return <usize> atomic.load<i32>(CONTROL + PROGRAM);
}

/** Number of threads of the current job. */
export function threadCount(): i32 {
  return load<i32>(CONTROL + THREADS);
}
