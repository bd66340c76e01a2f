/**
 * The product of `product.ts` in tiles of 6 rows and 16 outputs, for V8's experimental
 * revectorization, which joins pairs of 128-bit operations to 256 bits. Without it the 24 sums do not
 * fit the registers and this is slower. Every sum is taken in the same order: the bits are the same.
 *
 * V8 joins what ends in pairs of neighboring stores, one panel after the other; what follows the
 * sums is done in memory, so that it cannot get in the way.
 */
import { DROPPED, LEAKY, LINEAR } from "../opcodes";
import { dropped, leaky, masked, product } from "./product";

/** The product as in `product`; `zeros` is the address of 64 zero bytes. */
export function wideProduct(
  x: usize,
  xStride: usize,
  rows: usize,
  count: i32,
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
  zeros: usize,
): void {
  const rewind = tapStep - <usize>kPanels * xStride;
  const wPanel = <usize>(kPanels * taps) << 8;
  const tiles = (count + 5) / 6;
  for (let j = 0; j + 1 < nPanels; j += 2) {
    const start = bias ? bias : zeros;
    for (let i = 0; i < tiles; i++) {
      const row = rows + <usize>i * 24;
      // unroll i = 0..5
        let p$i = x + <usize>load<i32>(row, $(4 * i));
      // end
      // unroll i = 0..5
        // unroll j = 0..3
          let c$i$j = v128.load(start, $(16 * j));
        // end
      // end
      let b0: v128, b1: v128, b2: v128, b3: v128, a: v128;
      let q = w;
      let r = w + wPanel;
      for (let t = taps; t > 0; t--) {
        for (let n = kPanels; n > 0; n--) {
          // unroll k = 0..7
            b0 = v128.load(q, $(32 * k));
            b1 = v128.load(q, $(32 * k + 16));
            b2 = v128.load(r, $(32 * k));
            b3 = v128.load(r, $(32 * k + 16));
            // unroll i = 0..5
              a = v128.load_splat<f32>(p$i, $(4 * k));
              // unroll j = 0..3
                c$i$j = f32x4.relaxed_madd(a, b$j, c$i$j);
              // end
            // end
          // end
          // unroll i = 0..5
            p$i += xStride;
          // end
          q += 256;
          r += 256;
        }
        // unroll i = 0..5
          p$i += rewind;
        // end
      }
      let o = out;
      // unroll i = 0..5
        o = out + <usize>load<i32>(row, $(4 * i));
        v128.store(o, c$i0);
        v128.store(o, c$i1, 16);
      // end
      // unroll i = 0..5
        o = out + <usize>load<i32>(row, $(4 * i)) + outStride;
        v128.store(o, c$i2);
        v128.store(o, c$i3, 16);
      // end
      if (finish != LINEAR) {
        finishTile(out, row, finish, mask, positive, negative);
        finishTile(out + outStride, row, finish, mask + outStride, positive, negative);
      }
    }
    w += 2 * wPanel;
    out += 2 * outStride;
    mask += 2 * outStride;
    if (bias) bias += 64;
  }
  if (nPanels & 1) {
    product(x, xStride, rows, count, w, kPanels, taps, tapStep, out, outStride, 1, bias, finish,
      mask, positive, negative);
  }
}

/** Applies an activation, or the slopes of one, to a tile of one panel. */
function finishTile(
  out: usize,
  row: usize,
  finish: i32,
  mask: usize,
  positive: f32,
  negative: f32,
): void {
  const plus = f32x4.splat(positive);
  const minus = f32x4.splat(negative);
  for (let i: usize = 0; i < 24; i += 4) {
    const offset = <usize>load<i32>(row + i);
    for (let lane: usize = 0; lane < 32; lane += 16) {
      const at = out + offset + lane;
      const z = v128.load(at);
      if (finish == LEAKY) {
        v128.store(at, leaky(z, minus));
      } else {
        const y = v128.load(mask + offset + lane);
        v128.store(at, finish == DROPPED ? dropped(z, y, plus, minus) : masked(z, y, plus, minus));
      }
    }
  }
}

/** A tile of 6 inputs and 16 outputs of `weightGradient`; all six inputs are valid. */
export function wideGradientTile(
  // unroll i = 0..5
    p$i: usize,
  // end
  q: usize,
  r: usize,
  counts: usize,
  chunks: i32,
  xChunk: usize,
  dyChunk: usize,
  d: usize,
  e: usize,
): void {
  // unroll i = 0..5
    let c$i0 = v128.load(d, $(32 * i)), c$i1 = v128.load(d, $(32 * i + 16));
    let c$i2 = v128.load(e, $(32 * i)), c$i3 = v128.load(e, $(32 * i + 16));
  // end
  let b0: v128, b1: v128, b2: v128, b3: v128, a: v128;
  for (let c = 0; c < chunks; c++) {
    const rows = load<i32>(counts + (<usize>c << 2));
    const xSkip = xChunk - (<usize>rows << 5);
    const dySkip = dyChunk - (<usize>rows << 5);
    for (let n = rows; n > 0; n--) {
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      b2 = v128.load(r);
      b3 = v128.load(r, 16);
      // unroll i = 0..5
        a = v128.load_splat<f32>(p$i);
        // unroll j = 0..3
          c$i$j = f32x4.relaxed_madd(a, b$j, c$i$j);
        // end
      // end
      // unroll i = 0..5
        p$i += 32;
      // end
      q += 32;
      r += 32;
    }
    // unroll i = 0..5
      p$i += xSkip;
    // end
    q += dySkip;
    r += dySkip;
  }
  // unroll i = 0..5
    v128.store(d, c$i0, $(32 * i));
    v128.store(d, c$i1, $(32 * i + 16));
  // end
  // unroll i = 0..5
    v128.store(e, c$i2, $(32 * i));
    v128.store(e, c$i3, $(32 * i + 16));
  // end
}
