/** Sums over the clusters of each catalog of a chunk, and their gradients; see `set.ts`. */

@inline
function word(table: usize, index: i32): i32 {
  return load<i32>(table + (<usize>index << 2));
}

/** Number of panels that are summed together, since an addition takes several cycles. */
const TOGETHER: i32 = 4;

/** The slope of a leaky ReLU, by the sign of its value. */
@inline
function slopeOf(y: v128, negative: v128): v128 {
  const isPositive = f32x4.gt(y, f32x4.splat(0));
  return v128.relaxed_laneselect<i32>(f32x4.splat(1), negative, isPositive);
}

/**
 * Sums or means over the rows of each catalog, then the slopes of an activation where one is given.
 *
 * @param isMean 0: sums
 * @param y Receives a row for each catalog
 * @param mask Activations laid out as `y`; 0: none
 */
export function gather(
  x: usize,
  xStride: usize,
  panels: i32,
  offsets: usize,
  from: i32,
  to: i32,
  y: usize,
  yStride: usize,
  isMean: i32,
  mask: usize,
  negative: f32,
): void {
  const start = word(offsets, from);
  const slope = f32x4.splat(negative);
  for (let c = from; c < to; c++) {
    const first = <usize>(word(offsets, c) - start) << 5;
    const rows = word(offsets, c + 1) - word(offsets, c);
    const factor = f32x4.splat(isMean ? 1 / <f32>rows : 1);
    const row = <usize>c << 5;
    for (let p = 0; p < panels; p += TOGETHER) {
      const left = panels - p;
      let q0 = x + <usize>p * xStride + first;
      let q1 = left > 1 ? q0 + xStride : q0;
      let q2 = left > 2 ? q1 + xStride : q0;
      let q3 = left > 3 ? q2 + xStride : q0;
      // unroll i = 0..3
        let s$i0 = f32x4.splat(0), s$i1 = f32x4.splat(0);
      // end
      for (let r = 0; r < rows; r++) {
        // unroll i = 0..3
          s$i0 = f32x4.add(s$i0, v128.load(q$i));
          s$i1 = f32x4.add(s$i1, v128.load(q$i, 16));
        // end
        // unroll i = 0..3
          q$i += 32;
        // end
      }
      // unroll i = 0..3
        if (left > $i) {
          const place = <usize>(p + $i) * yStride + row;
          s$i0 = f32x4.mul(s$i0, factor);
          s$i1 = f32x4.mul(s$i1, factor);
          if (mask) {
            s$i0 = f32x4.mul(s$i0, slopeOf(v128.load(mask + place), slope));
            s$i1 = f32x4.mul(s$i1, slopeOf(v128.load(mask + place, 16), slope));
          }
          v128.store(y + place, s$i0);
          v128.store(y + place, s$i1, 16);
        }
      // end
    }
  }
}

/**
 * Copies a value of each catalog to all its rows: as it is, or as the gradient of a mean over them,
 * multiplied by the slopes of the rows' activations if they are given.
 *
 * @param source A row for each catalog
 * @param isMean 1: each row takes an equal share
 * @param mask Activations laid out as `y`; 0: none
 */
export function spread(
  source: usize,
  sourceStride: usize,
  panels: i32,
  offsets: usize,
  from: i32,
  to: i32,
  y: usize,
  yStride: usize,
  isMean: i32,
  mask: usize,
  negative: f32,
): void {
  const start = word(offsets, from);
  const zero = f32x4.splat(0);
  for (let c = from; c < to; c++) {
    const first = <usize>(word(offsets, c) - start) << 5;
    const rows = word(offsets, c + 1) - word(offsets, c);
    const factor = f32x4.splat(isMean ? 1 / <f32>rows : 1);
    for (let p = 0; p < panels; p++) {
      const at = source + <usize>p * sourceStride + (<usize>c << 5);
      const a = f32x4.mul(v128.load(at), factor);
      const b = f32x4.mul(v128.load(at, 16), factor);
      let target = y + <usize>p * yStride + first;
      if (!mask) {
        for (let r = 0; r < rows; r++) {
          v128.store(target, a);
          v128.store(target, b, 16);
          target += 32;
        }
        continue;
      }
      const aSloped = f32x4.mul(a, f32x4.splat(negative));
      const bSloped = f32x4.mul(b, f32x4.splat(negative));
      let q = mask + <usize>p * yStride + first;
      for (let r = 0; r < rows; r++) {
        const isA = f32x4.gt(v128.load(q), zero);
        const isB = f32x4.gt(v128.load(q, 16), zero);
        v128.store(target, v128.relaxed_laneselect<i32>(a, aSloped, isA));
        v128.store(target, v128.relaxed_laneselect<i32>(b, bSloped, isB), 16);
        target += 32;
        q += 32;
      }
    }
  }
}

/** Rows of panels to rows of `width` values: what `input` does, the other way. */
export function output(source: usize, stride: usize, width: i32, rows: i32, target: usize): void {
  for (let start = 0; start < width; start += 8) {
    const lanes = min(8, width - start);
    for (let r = 0; r < rows; r++) {
      const from = source + (<usize>r << 5);
      const to = target + (<usize>(r * width + start) << 2);
      for (let i = 0; i < lanes; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 2)));
    }
    source += stride;
  }
}
