/**
 * The gradient of a layer's weights: the product of its transposed inputs with the gradient of its
 * outputs, a sum over rows. It comes out in the layout of the weights, 6 inputs and 8 outputs a tile.
 *
 * Rows are added one after the other, and a tile belongs to one thread, so the sum has the same
 * bits for any number of threads and any cutting of the rows.
 */
import { gradientOfFour } from "./gradient_of_four";
import { wideGradientTile } from "./wide";

/** Rows that are summed in registers before they are added to memory: a panel of them fits the */
/** first-level cache, and all panels of a layer the second. */
const SEGMENT_ROWS: i32 = 60;
const SEGMENT_BYTES: i32 = 262144;
const LONGEST: i32 = 480;

/**
 * Gradients of kernel and bias over rows that lie in chunks.
 *
 * @param rows Number of rows of each chunk
 * @param xChunk Bytes from one chunk of inputs to the next
 * @param dyChunk Bytes from one chunk of gradients to the next
 * @param dw Receives the kernel's gradient
 * @param db Receives the bias's gradient
 * @param addAll 0: they are overwritten; 1: added to
 * @param wide Whether to sum in tiles of 16 outputs
 */
export function layerGradient(
  x: usize,
  xStride: usize,
  kPanels: i32,
  taps: i32,
  tapStep: usize,
  dy: usize,
  dyStride: usize,
  nPanels: i32,
  rows: usize,
  chunks: i32,
  xChunk: usize,
  dyChunk: usize,
  dw: usize,
  db: usize,
  addAll: i32,
  wide: i32,
): void {
  const group = max(SEGMENT_ROWS, SEGMENT_BYTES / (nPanels * 32));
  let c = 0;
  while (c < chunks) {
    let end = c;
    let total = 0;
    do {
      total += load<i32>(rows + (<usize>end << 2));
      end++;
    } while (end < chunks && total + load<i32>(rows + (<usize>end << 2)) <= min(group, LONGEST));
    const add = addAll | i32(c > 0);
    const counts = rows + (<usize>c << 2);
    const number = end - c;
    weightGradient(x, xStride, kPanels, taps, tapStep, dy, dyStride, nPanels, counts, number,
      xChunk, dyChunk, dw, add, wide);
    for (let i = 0; i < number; i++) {
      const count = load<i32>(counts + (<usize>i << 2));
      biasGradient(dy, dyStride, nPanels, count, db, add | i32(i > 0));
      x += xChunk;
      dy += dyChunk;
    }
    c = end;
  }
}

/**
 * dw[t][k][j] += sum over rows r of x[r + t * tapStep][k] * dy[r][j]
 *
 * @param x First byte of the input panels, at the first row and tap
 * @param xStride Bytes from one input panel to the next
 * @param kPanels Panels of 8 inputs
 * @param taps Rows that are joined to one input
 * @param tapStep Bytes from one tap's row to the next
 * @param dy First byte of the output gradient's panels
 * @param dyStride Bytes from one of its panels to the next
 * @param nPanels Panels of 8 outputs
 * @param counts Number of rows of each chunk
 * @param chunks Number of chunks
 * @param xChunk Bytes from one chunk of inputs to the next
 * @param dyChunk Bytes from one chunk of gradients to the next
 * @param dw The gradient of the first output panel's weights
 * @param add 0: overwrite `dw`; 1: add to it
 */
function weightGradient(
  x: usize,
  xStride: usize,
  kPanels: i32,
  taps: i32,
  tapStep: usize,
  dy: usize,
  dyStride: usize,
  nPanels: i32,
  counts: usize,
  chunks: i32,
  xChunk: usize,
  dyChunk: usize,
  dw: usize,
  add: i32,
  wide: i32,
): void {
  const inputs = kPanels * 8;
  const size = inputs * taps;
  // A multiple of 8 is one of 6 and none, one or two times 4: no lane of a tile is wasted.
  const sixes = size - 4 * (size % 6 == 4 ? 1 : size % 6);
  for (let i = sixes; i < size; i += 4) {
    // unroll k = 0..3
      const x$k = x + inputOffset(i + $k, inputs, xStride, tapStep);
    // end
    for (let j = 0; j < nPanels; j++) {
      const q = dy + <usize> j * dyStride;
      const d = dw + (<usize> j * size + i) * 32;
      gradientOfFour(x0, x1, x2, x3, q, counts, chunks, xChunk, dyChunk, d, add);
    }
  }
  for (let i = 0; i < sixes; i += 6) {
    // unroll k = 0..5
      const x$k = x + inputOffset(i + $k, inputs, xStride, tapStep);
    // end
    let j = 0;
    if (wide) {
      for (; j + 1 < nPanels; j += 2) {
        const q = dy + <usize>j * dyStride;
        const d = dw + (<usize>j * size + i) * 32;
        const e = d + <usize>size * 32;
        if (!add) {
          memory.fill(d, 0, 192);
          memory.fill(e, 0, 192);
        }
        wideGradientTile(x0, x1, x2, x3, x4, x5, q, q + dyStride, counts, chunks, xChunk, dyChunk,
          d, e);
      }
    }
    for (; j < nPanels; j++) {
      let q = dy + <usize> j * dyStride;
      let d = dw + (<usize> j * size + i) * 32;
      // unroll i = 0..5
        let p$i = x$i;
        let c$i0 = f32x4.splat(0);
        let c$i1 = f32x4.splat(0);
      // end
      if (add) {
        // unroll i = 0..5
          c$i0 = v128.load(d, $(32 * i));
          c$i1 = v128.load(d, $(32 * i + 16));
        // end
      }
      let b0: v128, b1: v128, a: v128;
      for (let c = 0; c < chunks; c++) {
        const rows = load<i32>(counts + (<usize>c << 2));
        const xSkip = xChunk - (<usize>rows << 5);
        let r = rows;
        for (; r >= 4; r -= 4) {
          // unroll k = 0..3
            b0 = v128.load(q, $(32 * k));
            b1 = v128.load(q, $(32 * k + 16));
            // unroll i = 0..5
              a = v128.load_splat<f32>(p$i, $(32 * k));
              c$i0 = f32x4.relaxed_madd(a, b0, c$i0);
              c$i1 = f32x4.relaxed_madd(a, b1, c$i1);
            // end
          // end
          // unroll i = 0..5
            p$i += 128;
          // end
          q += 128;
        }
        for (; r > 0; r--) {
          b0 = v128.load(q);
          b1 = v128.load(q, 16);
          // unroll i = 0..5
            a = v128.load_splat<f32>(p$i);
            c$i0 = f32x4.relaxed_madd(a, b0, c$i0);
            c$i1 = f32x4.relaxed_madd(a, b1, c$i1);
          // end
          // unroll i = 0..5
            p$i += 32;
          // end
          q += 32;
        }
        // unroll i = 0..5
          p$i += xSkip;
        // end
        q += dyChunk - (<usize>rows << 5);
      }
      // unroll i = 0..5
        v128.store(d, c$i0, $(32 * i));
        v128.store(d, c$i1, $(32 * i + 16));
      // end
    }
  }
}

/** Bytes from the first input of the first row to entry `m` of [taps][inputs]. */
@inline
function inputOffset(m: i32, inputs: i32, xStride: usize, tapStep: usize): usize {
  const unit = m % inputs;
  return <usize> (m / inputs) * tapStep + <usize> (unit >> 3) * xStride + <usize> ((unit & 7) << 2);
}

/** db[j] += sum over rows of dy[r][j]; four panels at once, since an addition takes a few cycles. */
function biasGradient(
  dy: usize,
  dyStride: usize,
  nPanels: i32,
  rows: i32,
  db: usize,
  add: i32,
): void {
  for (let j = 0; j < nPanels; j += 4) {
    const left = nPanels - j;
    let q0 = dy + <usize>j * dyStride;
    let q1 = left > 1 ? q0 + dyStride : q0;
    let q2 = left > 2 ? q1 + dyStride : q0;
    let q3 = left > 3 ? q2 + dyStride : q0;
    let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00;
    let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    if (add) {
      s00 = v128.load(db);
      s01 = v128.load(db, 16);
      if (left > 1) s10 = v128.load(db, 32), s11 = v128.load(db, 48);
      if (left > 2) s20 = v128.load(db, 64), s21 = v128.load(db, 80);
      if (left > 3) s30 = v128.load(db, 96), s31 = v128.load(db, 112);
    }
    for (let r = 0; r < rows; r++) {
      s00 = f32x4.add(s00, v128.load(q0));
      s01 = f32x4.add(s01, v128.load(q0, 16));
      s10 = f32x4.add(s10, v128.load(q1));
      s11 = f32x4.add(s11, v128.load(q1, 16));
      s20 = f32x4.add(s20, v128.load(q2));
      s21 = f32x4.add(s21, v128.load(q2, 16));
      s30 = f32x4.add(s30, v128.load(q3));
      s31 = f32x4.add(s31, v128.load(q3, 16));
      q0 += 32;
      q1 += 32;
      q2 += 32;
      q3 += 32;
    }
    v128.store(db, s00);
    v128.store(db, s01, 16);
    if (left > 1) v128.store(db, s10, 32), v128.store(db, s11, 48);
    if (left > 2) v128.store(db, s20, 64), v128.store(db, s21, 80);
    if (left > 3) v128.store(db, s30, 96), v128.store(db, s31, 112);
    db += 128;
  }
}

/**
 * The weights as the input gradient needs them: panels of 8 inputs, each block of 8 by 8 transposed,
 * [inputs / 8][taps][outputs / 8][8 outputs][8 inputs]; input panels `from` to `to`.
 */
export function transposeWeights(
  w: usize,
  transposed: usize,
  kPanels: i32,
  taps: i32,
  nPanels: i32,
  from: i32,
  to: i32,
): void {
  for (let k = from; k < to; k++) {
    for (let t = 0; t < taps; t++) {
      for (let n = 0; n < nPanels; n++) {
        const source = w + (<usize> ((n * taps + t) * kPanels + k) << 8);
        const target = transposed + (<usize> ((k * taps + t) * nPanels + n) << 8);
        transpose4(source, target);
        transpose4(source + 16, target + 128);
        transpose4(source + 128, target + 16);
        transpose4(source + 144, target + 144);
      }
    }
  }
}

/** A block of 4 by 4 out of rows of 8. */
@inline
function transpose4(source: usize, target: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source, 32);
  const r2 = v128.load(source, 64);
  const r3 = v128.load(source, 96);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(target, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(target, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(target, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}
