/**
 * Pooling of neighboring rows and over all rows of a catalog, and their gradients.
 *
 * A panel holds the catalogs one after the other; `starts` and `counts` give each one's first row
 * and number of rows, and an odd last row is kept by itself.
 */
import { MAX, MEAN, MEAN_MAX } from "../opcodes";

@inline
function word(table: usize, index: i32): i32 {
  return load<i32>(table + (<usize> index << 2));
}

@inline
function joined(a: v128, b: v128, kind: i32): v128 {
  if (kind == MAX) return f32x4.max(a, b);
  return f32x4.mul(f32x4.add(a, b), f32x4.splat(0.5));
}

/** Each two rows to one, for the catalogs `from` to `to`. */
export function pool(
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  panels: i32,
  starts: usize,
  counts: usize,
  yStarts: usize,
  from: i32,
  to: i32,
  kind: i32,
): void {
  for (let p = 0; p < panels; p++) {
    for (let c = from; c < to; c++) {
      let source = x + (<usize> word(starts, c) << 5);
      let target = y + (<usize> word(yStarts, c) << 5);
      const count = word(counts, c);
      for (let r = 1; r < count; r += 2) {
        v128.store(target, joined(v128.load(source), v128.load(source, 32), kind));
        v128.store(target, joined(v128.load(source, 16), v128.load(source, 48), kind), 16);
        source += 64;
        target += 32;
      }
      if (count & 1) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
      }
    }
    x += xStride;
    y += yStride;
  }
}

@inline
function sloped(gradient: v128, z: v128, slope: v128): v128 {
  const factor = v128.bitselect(f32x4.splat(1), slope, f32x4.gt(z, f32x4.splat(0)));
  return f32x4.mul(gradient, factor);
}

/** Replaces activations by the gradient before their leaky ReLU; a larger first row takes ties. */
export function unpool(
  z: usize,
  zStride: usize,
  dy: usize,
  dyStride: usize,
  panels: i32,
  starts: usize,
  counts: usize,
  dyStarts: usize,
  from: i32,
  to: i32,
  kind: i32,
  negative: f32,
): void {
  const slope = f32x4.splat(negative);
  const half = f32x4.splat(0.5);
  for (let p = 0; p < panels; p++) {
    for (let c = from; c < to; c++) {
      const first = z + (<usize> word(starts, c) << 5);
      const source = dy + (<usize> word(dyStarts, c) << 5);
      const count = word(counts, c);
      for (let lane: usize = 0; lane < 32; lane += 16) {
        let at = first + lane;
        let d = source + lane;
        for (let r = 1; r < count; r += 2) {
          const a = v128.load(at);
          const b = v128.load(at, 32);
          let da = v128.load(d);
          let db = da;
          if (kind == MAX) {
            const isFirst = f32x4.ge(a, b);
            db = v128.andnot(da, isFirst);
            da = v128.and(da, isFirst);
          } else {
            da = f32x4.mul(da, half);
            db = da;
          }
          v128.store(at, sloped(da, a, slope));
          v128.store(at, sloped(db, b, slope), 32);
          at += 64;
          d += 32;
        }
        if (count & 1) v128.store(at, sloped(v128.load(d), v128.load(at), slope));
      }
    }
    z += zStride;
    dy += dyStride;
  }
}

/** All rows of a catalog to one: panels of means, of maxima, or both. */
export function poolAll(
  x: usize,
  xStride: usize,
  panels: i32,
  starts: usize,
  counts: usize,
  y: usize,
  yStride: usize,
  from: i32,
  to: i32,
  kind: i32,
): void {
  const maxima = kind == MEAN_MAX ? y + <usize> panels * yStride : y;
  for (let p = 0; p < panels; p++) {
    for (let c = from; c < to; c++) {
      const count = word(counts, c);
      const target = <usize> p * yStride + (<usize> c << 5);
      for (let lane: usize = 0; lane < 32; lane += 16) {
        let at = x + (<usize> word(starts, c) << 5) + lane;
        let sum = v128.load(at);
        let largest = sum;
        for (let r = 1; r < count; r++) {
          at += 32;
          const value = v128.load(at);
          sum = f32x4.add(sum, value);
          largest = f32x4.max(largest, value);
        }
        const mean = f32x4.div(sum, f32x4.splat(<f32> count));
        if (kind != MAX) v128.store(y + target + lane, mean);
        if (kind != MEAN) v128.store(maxima + target + lane, largest);
      }
    }
    x += xStride;
  }
}

/** The gradient of every row; of rows that share the maximum the first takes its gradient. */
export function unpoolAll(
  x: usize,
  xStride: usize,
  panels: i32,
  starts: usize,
  counts: usize,
  dx: usize,
  y: usize,
  dy: usize,
  yStride: usize,
  from: i32,
  to: i32,
  kind: i32,
): void {
  const maxima = kind == MEAN_MAX ? <usize> panels * yStride : 0;
  for (let p = 0; p < panels; p++) {
    for (let c = from; c < to; c++) {
      const count = word(counts, c);
      const place = <usize> p * yStride + (<usize> c << 5);
      for (let lane: usize = 0; lane < 32; lane += 16) {
        const first = (<usize> word(starts, c) << 5) + lane;
        let mean = f32x4.splat(0);
        let largest = mean;
        let left = mean;
        if (kind != MAX) mean = f32x4.div(v128.load(dy + place + lane), f32x4.splat(<f32>count));
        if (kind != MEAN) {
          largest = v128.load(y + maxima + place + lane);
          left = v128.load(dy + maxima + place + lane);
        }
        for (let r = 0; r < count; r++) {
          const at = first + (<usize>r << 5);
          let d = mean;
          if (kind != MEAN) {
            const isLargest = f32x4.eq(v128.load(x + at), largest);
            d = f32x4.add(d, v128.and(left, isLargest));
            left = v128.andnot(left, isLargest);
          }
          v128.store(dx + at, d);
        }
      }
    }
    x += xStride;
    dx += xStride;
  }
}
