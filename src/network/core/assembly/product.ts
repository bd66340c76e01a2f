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
import { productOfTwo } from "./two_rows";

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

/** As `masked`, but zero where y is zero, as it is for units that were dropped. */
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
 * @param count Number of rows; the last tile is filled up with unused ones
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
): void {
  const rest = count % 6;
  const bytes = (kPanels * taps * nPanels) << 8;
  const isShort = rest > 0 && rest <= MOST_REST && bytes <= SHORT_BYTES;
  const tiles = isShort ? count / 6 : (count + 5) / 6;
  const block = tilesTogether(tiles, kPanels);
  for (let i = 0; i < tiles; i += block) {
    tileProduct(x, xStride, rows + <usize> i * 24, min(block, tiles - i), w, kPanels, taps, tapStep,
      out, outStride, nPanels, bias, finish, mask, positive, negative);
  }
  if (!isShort) return;
  for (let i = tiles * 6; i < count; i += 2) {
    productOfTwo(x, xStride, rows + (<usize> i << 2), w, kPanels, taps, tapStep, out, outStride,
      nPanels, bias, finish, mask, positive, negative);
  }
}

/** Most rows beyond whole tiles, and most bytes of weights, for which two rows at a time are faster. */
const MOST_REST: i32 = 4;
const SHORT_BYTES: i32 = 131072;

/** Bytes of input that stay in the first-level cache together with a panel of weights. */
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
      // unroll i = 0..5
        let p$i = x + <usize> load<i32>(row, $(4 * i));
      // end
      let c00 = f32x4.splat(0);
      let c01 = c00;
      if (bias) {
        c00 = v128.load(bias);
        c01 = v128.load(bias, 16);
      }
      // unroll i = 1..5
        let c$i0 = c00;
        let c$i1 = c01;
      // end
      let b0: v128, b1: v128, a: v128;
      let q = w;
      for (let t = taps; t > 0; t--) {
        for (let n = kPanels; n > 0; n--) {
          // unroll k = 0..7
            b0 = v128.load(q, $(32 * k));
            b1 = v128.load(q, $(32 * k + 16));
            // unroll i = 0..5
              a = v128.load_splat<f32>(p$i, $(4 * k));
              c$i0 = f32x4.relaxed_madd(a, b0, c$i0);
              c$i1 = f32x4.relaxed_madd(a, b1, c$i1);
            // end
          // end
          // unroll i = 0..5
            p$i += xStride;
          // end
          q += 256;
        }
        // unroll i = 0..5
          p$i += rewind;
        // end
      }
      if (finish == LEAKY) {
        // unroll i = 0..5
          c$i0 = leaky(c$i0, slopes);
          c$i1 = leaky(c$i1, slopes);
        // end
      } else if (finish == MASKED || finish == DROPPED) {
        const plus = f32x4.splat(positive);
        // unroll i = 0..5
          const m$i = mask + <usize>load<i32>(row, $(4 * i));
        // end
        if (finish == MASKED) {
          // unroll i = 0..5
            c$i0 = masked(c$i0, v128.load(m$i, 0), plus, slopes);
            c$i1 = masked(c$i1, v128.load(m$i, 16), plus, slopes);
          // end
        } else {
          // unroll i = 0..5
            c$i0 = dropped(c$i0, v128.load(m$i, 0), plus, slopes);
            c$i1 = dropped(c$i1, v128.load(m$i, 16), plus, slopes);
          // end
        }
      }
      let o = out;
      // unroll i = 0..5
        o = out + <usize> load<i32>(row, $(4 * i));
        v128.store(o, c$i0);
        v128.store(o, c$i1, 16);
      // end
    }
    w += wPanel;
    out += outStride;
    mask += outStride;
    if (bias) bias += 32;
  }
}
