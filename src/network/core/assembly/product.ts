/**
 * The product of a batch of rows with a layer's weights: forward and, with the transposed weights,
 * the gradient of the inputs. Nearly all of a step's time is spent in its innermost loop.
 *
 * Activations are panels of 8 units, [units / 8][rows][8], and weights panels of 8 outputs,
 * [outputs / 8][taps][inputs / 8][8 inputs][8 outputs]. A tile of 6 rows and 8 outputs is held in 12
 * registers over the whole sum; both operands are read in the order in which they are stored, so
 * nothing is repacked and no lane is wasted, whatever the number of rows.
 *
 * Compiled with -O1: stronger levels of binaryen sink the multiply-adds behind the loads of eight
 * inputs, V8 then spills, and a third of the speed is lost.
 */
import { DROPPED, LEAKY, MASKED } from "../opcodes";

@inline
export function leaky(z: v128, slope: v128): v128 {
  return f32x4.relaxed_max(z, f32x4.mul(z, slope));
}

/** z times the slope that belongs to the activation y. */
@inline
export function masked(z: v128, y: v128, positive: v128, negative: v128): v128 {
  const isPositive = f32x4.gt(y, f32x4.splat(0));
  return f32x4.mul(z, v128.relaxed_laneselect<i32>(positive, negative, isPositive));
}

/** The same where units were dropped: they are zero, and so is their gradient. */
@inline
export function dropped(z: v128, y: v128, positive: v128, negative: v128): v128 {
  return v128.and(masked(z, y, positive, negative), f32x4.ne(y, f32x4.splat(0)));
}

/**
 * out[r][j] = finish(bias[j] + sum over taps t and inputs k of x[r + t * tapStep][k] * w[t][k][j])
 *
 * @param x First byte of the input panels, at the first tap's row
 * @param xStride Bytes from one input panel to the next
 * @param rows Byte offset of each row in a panel, the same for input and output, 6 a tile
 * @param tiles Number of tiles of 6 rows
 * @param w The weights of the first output panel
 * @param kPanels Panels of 8 inputs
 * @param taps Rows that are joined to one input: 1, or 4 for a convolution
 * @param tapStep Bytes from one tap's row to the next
 * @param out First byte of the output panels
 * @param outStride Bytes from one output panel to the next
 * @param nPanels Panels of 8 outputs
 * @param bias A value an output, or 0 for none
 * @param finish LINEAR, LEAKY, MASKED or DROPPED
 * @param mask MASKED, DROPPED: activations, laid out as the output
 * @param positive Slope where the activation is positive; 1 for LEAKY
 * @param negative Slope where it is negative
 */
export function product(
  x: usize,
  xStride: usize,
  rows: usize,
  tiles: i32,
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
  const block = tilesTogether(tiles, kPanels);
  for (let i = 0; i < tiles; i += block) {
    tileProduct(x, xStride, rows + <usize> i * 24, min(block, tiles - i), w, kPanels, taps, tapStep,
      out, outStride, nPanels, bias, finish, mask, positive, negative);
  }
}

/** Bytes of input that stay in the first-level cache beside a panel of weights. */
const BLOCK_BYTES: i32 = 24576;
/** Fewer tiles than this are not worth reading all weights for once more. */
const FEWEST_TILES: i32 = 4;

/** Tiles whose inputs stay in the first-level cache while all outputs are computed. */
@inline
export function tilesTogether(tiles: i32, kPanels: i32): i32 {
  const fit = BLOCK_BYTES / (kPanels * 192);
  if (fit < FEWEST_TILES || tiles <= fit) return tiles;
  const blocks = (tiles + fit - 1) / fit;
  return (tiles + blocks - 1) / blocks;
}

/** The product for tiles that are not too many for the first-level cache, or too deep for it. */
function tileProduct(
  x: usize,
  xStride: usize,
  rows: usize,
  tiles: i32,
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
  const slopes = f32x4.splat(negative);
  for (let j = 0; j < nPanels; j++) {
    for (let i = 0; i < tiles; i++) {
      const row = rows + <usize> i * 24;
      let p0 = x + <usize> load<i32>(row, 0);
      let p1 = x + <usize> load<i32>(row, 4);
      let p2 = x + <usize> load<i32>(row, 8);
      let p3 = x + <usize> load<i32>(row, 12);
      let p4 = x + <usize> load<i32>(row, 16);
      let p5 = x + <usize> load<i32>(row, 20);
      let c00 = f32x4.splat(0);
      let c01 = c00;
      if (bias) {
        c00 = v128.load(bias);
        c01 = v128.load(bias, 16);
      }
      let c10 = c00;
      let c11 = c01;
      let c20 = c00;
      let c21 = c01;
      let c30 = c00;
      let c31 = c01;
      let c40 = c00;
      let c41 = c01;
      let c50 = c00;
      let c51 = c01;
      let b0: v128, b1: v128, a: v128;
      let q = w;
      for (let t = taps; t > 0; t--) {
        for (let n = kPanels; n > 0; n--) {
          b0 = v128.load(q, 0);
          b1 = v128.load(q, 16);
          a = v128.load_splat<f32>(p0, 0);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 0);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 0);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 0);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 0);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 0);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 32);
          b1 = v128.load(q, 48);
          a = v128.load_splat<f32>(p0, 4);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 4);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 4);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 4);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 4);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 4);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 64);
          b1 = v128.load(q, 80);
          a = v128.load_splat<f32>(p0, 8);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 8);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 8);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 8);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 8);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 8);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 96);
          b1 = v128.load(q, 112);
          a = v128.load_splat<f32>(p0, 12);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 12);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 12);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 12);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 12);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 12);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 128);
          b1 = v128.load(q, 144);
          a = v128.load_splat<f32>(p0, 16);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 16);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 16);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 16);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 16);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 16);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 160);
          b1 = v128.load(q, 176);
          a = v128.load_splat<f32>(p0, 20);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 20);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 20);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 20);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 20);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 20);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 192);
          b1 = v128.load(q, 208);
          a = v128.load_splat<f32>(p0, 24);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 24);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 24);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 24);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 24);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 24);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          b0 = v128.load(q, 224);
          b1 = v128.load(q, 240);
          a = v128.load_splat<f32>(p0, 28);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          a = v128.load_splat<f32>(p1, 28);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          a = v128.load_splat<f32>(p2, 28);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          a = v128.load_splat<f32>(p3, 28);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          a = v128.load_splat<f32>(p4, 28);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          a = v128.load_splat<f32>(p5, 28);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          p0 += xStride;
          p1 += xStride;
          p2 += xStride;
          p3 += xStride;
          p4 += xStride;
          p5 += xStride;
          q += 256;
        }
        p0 += rewind;
        p1 += rewind;
        p2 += rewind;
        p3 += rewind;
        p4 += rewind;
        p5 += rewind;
      }
      if (finish == LEAKY) {
        c00 = leaky(c00, slopes);
        c01 = leaky(c01, slopes);
        c10 = leaky(c10, slopes);
        c11 = leaky(c11, slopes);
        c20 = leaky(c20, slopes);
        c21 = leaky(c21, slopes);
        c30 = leaky(c30, slopes);
        c31 = leaky(c31, slopes);
        c40 = leaky(c40, slopes);
        c41 = leaky(c41, slopes);
        c50 = leaky(c50, slopes);
        c51 = leaky(c51, slopes);
      } else if (finish == MASKED || finish == DROPPED) {
        const plus = f32x4.splat(positive);
        const m0 = mask + <usize>load<i32>(row, 0);
        const m1 = mask + <usize>load<i32>(row, 4);
        const m2 = mask + <usize>load<i32>(row, 8);
        const m3 = mask + <usize>load<i32>(row, 12);
        const m4 = mask + <usize>load<i32>(row, 16);
        const m5 = mask + <usize>load<i32>(row, 20);
        if (finish == MASKED) {
          c00 = masked(c00, v128.load(m0, 0), plus, slopes);
          c01 = masked(c01, v128.load(m0, 16), plus, slopes);
          c10 = masked(c10, v128.load(m1, 0), plus, slopes);
          c11 = masked(c11, v128.load(m1, 16), plus, slopes);
          c20 = masked(c20, v128.load(m2, 0), plus, slopes);
          c21 = masked(c21, v128.load(m2, 16), plus, slopes);
          c30 = masked(c30, v128.load(m3, 0), plus, slopes);
          c31 = masked(c31, v128.load(m3, 16), plus, slopes);
          c40 = masked(c40, v128.load(m4, 0), plus, slopes);
          c41 = masked(c41, v128.load(m4, 16), plus, slopes);
          c50 = masked(c50, v128.load(m5, 0), plus, slopes);
          c51 = masked(c51, v128.load(m5, 16), plus, slopes);
        } else {
          c00 = dropped(c00, v128.load(m0, 0), plus, slopes);
          c01 = dropped(c01, v128.load(m0, 16), plus, slopes);
          c10 = dropped(c10, v128.load(m1, 0), plus, slopes);
          c11 = dropped(c11, v128.load(m1, 16), plus, slopes);
          c20 = dropped(c20, v128.load(m2, 0), plus, slopes);
          c21 = dropped(c21, v128.load(m2, 16), plus, slopes);
          c30 = dropped(c30, v128.load(m3, 0), plus, slopes);
          c31 = dropped(c31, v128.load(m3, 16), plus, slopes);
          c40 = dropped(c40, v128.load(m4, 0), plus, slopes);
          c41 = dropped(c41, v128.load(m4, 16), plus, slopes);
          c50 = dropped(c50, v128.load(m5, 0), plus, slopes);
          c51 = dropped(c51, v128.load(m5, 16), plus, slopes);
        }
      }
      let o = out;
      o = out + <usize> load<i32>(row, 0);
      v128.store(o, c00);
      v128.store(o, c01, 16);
      o = out + <usize> load<i32>(row, 4);
      v128.store(o, c10);
      v128.store(o, c11, 16);
      o = out + <usize> load<i32>(row, 8);
      v128.store(o, c20);
      v128.store(o, c21, 16);
      o = out + <usize> load<i32>(row, 12);
      v128.store(o, c30);
      v128.store(o, c31, 16);
      o = out + <usize> load<i32>(row, 16);
      v128.store(o, c40);
      v128.store(o, c41, 16);
      o = out + <usize> load<i32>(row, 20);
      v128.store(o, c50);
      v128.store(o, c51, 16);
    }
    w += wPanel;
    out += outStride;
    mask += outStride;
    if (bias) bias += 32;
  }
}
