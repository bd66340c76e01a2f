/**
 * Runs a program: a list of operations on addresses in one memory, written by `core/program.ts`.
 * An operation names the thread that does it; every thread runs the same list and meets the others
 * at its barriers, so a whole training step is one call.
 */
import * as op from "../opcodes";
import { gather, output, spread } from "./catalogs";
import { dropout } from "./dropout";
import { layerGradient, transposeWeights } from "./gradient";
import { loss, squares, sum, update } from "./learning";
import { pool, poolAll, unpool, unpoolAll } from "./pooling";
import { product } from "./product";
import { clear, input, join, split } from "./rows";
import { describe, deviate, periodic, tie, undeviate } from "./set";
import { barrier, nextProgram, threadCount } from "./threads";
import { wideProduct } from "./wide";

export { fail, start } from "./threads";

@inline
function int(at: usize, index: usize): i32 {
  return load<i32>(at + (index << 2));
}

@inline
function float(at: usize, index: usize): f32 {
  return load<f32>(at + (index << 2));
}

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
  let code = int(at, 0);
  while (code != op.END) {
    if (code == op.BARRIER) {
      if (barrier(threads)) return 1;
    } else if (int(at, 1) == thread) {
      operate(code, at + 8);
    }
    at += op.OPERATION_BYTES;
    code = int(at, 0);
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

// deno-fmt-ignore
function operate(code: i32, a: usize): void {
  switch (code) {
    case op.INPUT:
      return input(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5));
    case op.PRODUCT:
      return product(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), int(a, 10), int(a, 11), int(a, 12), int(a, 13),
        float(a, 14), float(a, 15));
    case op.WIDE_PRODUCT:
      return wideProduct(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5),
        int(a, 6), int(a, 7), int(a, 8), int(a, 9), int(a, 10), int(a, 11), int(a, 12), int(a, 13),
        float(a, 14), float(a, 15), op.CONTROL + op.ZEROS);
    case op.DROPOUT:
      return dropout(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), float(a, 9));
    case op.JOIN:
      return join(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7));
    case op.SPLIT:
      return split(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4));
    case op.CLEAR:
      return clear(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6));
    case op.POOL:
      return pool(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), int(a, 10));
    case op.UNPOOL:
      return unpool(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), int(a, 10), float(a, 11));
    case op.GLOBAL:
      return poolAll(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9));
    case op.UNGLOBAL:
      return unpoolAll(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), int(a, 10), int(a, 11));
    case op.LOSS:
      return loss(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7));
    case op.TRANSPOSE:
      return transposeWeights(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5),
        int(a, 6));
    case op.WEIGHTS:
      return layerGradient(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5),
        int(a, 6), int(a, 7), int(a, 8), int(a, 9), int(a, 10), int(a, 11), int(a, 12), int(a, 13),
        int(a, 14), int(a, 15));
    case op.SUM:
      return sum(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5));
    case op.NORM:
      return squares(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4));
    case op.DEVIATE:
      return deviate(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), int(a, 10));
    case op.UNDEVIATE:
      return undeviate(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a,
        6), int(a, 7), int(a, 8), int(a, 9), int(a, 10), int(a, 11), int(a, 12));
    case op.PERIODIC:
      return periodic(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5));
    case op.DESCRIBE:
      return describe(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        float(a, 7));
    case op.GATHER:
      return gather(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), float(a, 10));
    case op.SPREAD:
      return spread(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), float(a, 10));
    case op.TIE:
      return tie(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), float(a, 9));
    case op.OUTPUT:
      return output(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4));
    case op.UPDATE:
      return update(int(a, 0), int(a, 1), int(a, 2), int(a, 3), int(a, 4), int(a, 5), int(a, 6),
        int(a, 7), int(a, 8), int(a, 9), int(a, 10), float(a, 11), float(a, 12), float(a, 13),
        float(a, 14), float(a, 15));
    default:
      unreachable();
  }
}
