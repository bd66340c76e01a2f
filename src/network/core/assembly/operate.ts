/** The function of each operation. */
import * as op from "../opcodes";
import { gather, output, spread } from "./catalogs";
import { dropout } from "./dropout";
import { layerGradient, transposeWeights } from "./gradient";
import { loss, squares, sum, update } from "./learning";
import { pool, poolAll, unpool, unpoolAll } from "./pooling";
import { product } from "./product";
import { clear, input, join, split } from "./rows";
import { describe, deviate, periodic, tie, undeviate } from "./set";
import { wideProduct } from "./wide";

@inline
function int(at: usize, index: usize): i32 {
  return load<i32>(at + (index << 2));
}

@inline
function float(at: usize, index: usize): f32 {
  return load<f32>(at + (index << 2));
}

/** Does an operation, whose arguments begin at `a`. */
// deno-fmt-ignore
export function operate(code: i32, a: usize): void {
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
