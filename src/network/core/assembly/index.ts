/**
 * Runs a program: a list of operations on addresses in one memory, written by `core/program.ts`.
 * An operation names the thread that does it; every thread runs the same list and meets the others
 * at its barriers, so a whole training step is one call.
 */
import * as op from "../opcodes";
import { operate } from "./operate";
import { barrier, nextProgram, threadCount } from "./threads";
import { units } from "./units";

export { fail, start } from "./threads";

/** Runs the fastest multiply-add loop of this machine: 12 independent sums, nothing loaded. */
export function peak(rounds: i32, at: usize): void {
  const a = v128.load(at);
  const b = v128.load(at, 16);
  let s0 = a,
    s1 = a,
    s2 = a,
    s3 = a,
    s4 = a,
    s5 = a,
    s6 = a,
    s7 = a,
    s8 = a,
    s9 = a,
    sa = a,
    sb = a;
  for (let i = 0; i < rounds; i++) {
      s0 = f32x4.relaxed_madd(a, b, s0);
      s1 = f32x4.relaxed_madd(a, b, s1);
      s2 = f32x4.relaxed_madd(a, b, s2);
      s3 = f32x4.relaxed_madd(a, b, s3);
      s4 = f32x4.relaxed_madd(a, b, s4);
      s5 = f32x4.relaxed_madd(a, b, s5);
      s6 = f32x4.relaxed_madd(a, b, s6);
      s7 = f32x4.relaxed_madd(a, b, s7);
      s8 = f32x4.relaxed_madd(a, b, s8);
      s9 = f32x4.relaxed_madd(a, b, s9);
      sa = f32x4.relaxed_madd(a, b, sa);
      sb = f32x4.relaxed_madd(a, b, sb);
  }
  s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  s4 = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  s8 = f32x4.add(f32x4.add(s8, s9), f32x4.add(sa, sb));
  v128.store(at, f32x4.add(s0, f32x4.add(s4, s8)), 32);
}

/** Runs this thread's part of a program; returns 1 if a thread has failed, else 0. */
export function run(program: usize, thread: i32, threads: i32): i32 {
  let at = program;
  let code = load<i32>(at);
  let claimed: usize = 0; // end of the operations that this thread has claimed
  while (code != op.END) {
    if (code == op.BARRIER) {
      if (barrier(threads)) return 1;
    } else if (code == op.UNITS) {
      if (units(at + 8, thread)) return 1;
      at += <usize> load<i32>(at, 8);
    } else if (code == op.CLAIM) {
      const bytes = <usize> load<i32>(at, 12);
      if (atomic.cmpxchg<i32>(at + 8, 0, 1) == 0) claimed = at + op.OPERATION_BYTES + bytes;
      else at += bytes;
    } else if (load<i32>(at, 4) == thread || at < claimed) {
      operate(code, at + 8);
    }
    at += op.OPERATION_BYTES;
    code = load<i32>(at);
  }
  // Nothing is read after this barrier, so thread 0 may write the next program here at once.
  return barrier(threads);
}

/** The loop of a worker: runs programs until one is 0 or a thread has failed. */
export function serve(thread: i32): void {
  for (let job = 0;; job++) {
    const program = nextProgram(job);
    if (!program || run(program, thread, threadCount())) return;
  }
}
