/**
 * The product of `product.ts` for the rows that do not fill a tile, two at a time: 2 rows and 16 outputs a
 * tile. A set's chunk has few catalogs, which would fill a third of a tile in the layers of whole catalogs.
 * Every sum is taken in the same order: the bits are the same.
 */
import { LEAKY, MASKED } from "../opcodes";
import { dropped, leaky, masked } from "./product";

/** The product of the two rows whose offsets are at `rows`; see `product`. */
export function productOfTwo(
  x: usize,
  xStride: usize,
  rows: usize,
  w: usize,
  kPanels: i32,
  taps: i32,
  tapStep: usize,
  out: usize,
  outStride: usize,
  nPanels: i32,
  bias: usize,
  finish: i32,
  mask: usize,
  positive: f32,
  negative: f32,
): void {
  const rewind = tapStep - <usize> kPanels * xStride;
  const wPanel = <usize> (kPanels * taps) << 8;
  // unroll i = 0..1
    const row$i = <usize> load<i32>(rows, $(4 * i));
  // end
  for (let j = 0; j < nPanels; j += 2) {
    // The last of an odd number of panels is computed twice and stored once.
    const isPair = j + 1 < nPanels;
    const next = isPair ? 32 : 0;
    // unroll i = 0..1
      let p$i = x + row$i;
    // end
    let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
    if (bias) {
      c00 = v128.load(bias);
      c01 = v128.load(bias, 16);
      c02 = v128.load(bias + next);
      c03 = v128.load(bias + next, 16);
    }
    // unroll j = 0..3
      let c1$j = c0$j;
    // end
    let a0: v128, a1: v128, b: v128;
    let q = w;
    let r = isPair ? w + wPanel : w;
    for (let t = taps; t > 0; t--) {
      for (let n = kPanels; n > 0; n--) {
        // unroll k = 0..7
          // unroll i = 0..1
            a$i = v128.load_splat<f32>(p$i, $(4 * k));
          // end
          b = v128.load(q, $(32 * k));
          c00 = f32x4.relaxed_madd(a0, b, c00);
          c10 = f32x4.relaxed_madd(a1, b, c10);
          b = v128.load(q, $(32 * k + 16));
          c01 = f32x4.relaxed_madd(a0, b, c01);
          c11 = f32x4.relaxed_madd(a1, b, c11);
          b = v128.load(r, $(32 * k));
          c02 = f32x4.relaxed_madd(a0, b, c02);
          c12 = f32x4.relaxed_madd(a1, b, c12);
          b = v128.load(r, $(32 * k + 16));
          c03 = f32x4.relaxed_madd(a0, b, c03);
          c13 = f32x4.relaxed_madd(a1, b, c13);
        // end
        // unroll i = 0..1
          p$i += xStride;
        // end
        q += 256;
        r += 256;
      }
      // unroll i = 0..1
        p$i += rewind;
      // end
    }
    // unroll i = 0..1
      finishRow(c$i0, c$i1, out + row$i, finish, mask + row$i, positive, negative);
    // end
    if (isPair) {
      // unroll i = 0..1
        finishRow(c$i2, c$i3, out + outStride + row$i, finish, mask + outStride + row$i, positive, negative);
      // end
    }
    w += 2 * wPanel;
    out += 2 * outStride;
    mask += 2 * outStride;
    if (bias) bias += 64;
  }
}

/** Stores a row of a panel, after an activation or the slopes of one. */
@inline
function finishRow(
  low: v128,
  high: v128,
  out: usize,
  finish: i32,
  mask: usize,
  positive: f32,
  negative: f32,
): void {
  const slopes = f32x4.splat(negative);
  let first = low, second = high;
  if (finish == LEAKY) {
    first = leaky(first, slopes);
    second = leaky(second, slopes);
  } else if (finish) {
    const plus = f32x4.splat(positive);
    const y = v128.load(mask), z = v128.load(mask, 16);
    first = finish == MASKED ? masked(first, y, plus, slopes) : dropped(first, y, plus, slopes);
    second = finish == MASKED ? masked(second, z, plus, slopes) : dropped(second, z, plus, slopes);
  }
  v128.store(out, first);
  v128.store(out, second, 16);
}
