/**
 * Losses and optimizers (section 3.3): the gradient of a batch's outputs, the norm of the whole
 * gradient, and the update of the weights.
 */
import { ADAM, GAUSSIAN, JOINT_GAUSSIAN, MAE, NORM_BLOCK } from "../opcodes";

/**
 * Writes the losses of the catalogs `from` to `to`, and their gradient as part of a mean over
 * `count` catalogs.
 */
export function loss(
  y: usize,
  labels: usize,
  dy: usize,
  losses: usize,
  from: i32,
  to: i32,
  count: i32,
  kind: i32,
): void {
  if (kind == JOINT_GAUSSIAN) {
    jointLoss(y, labels, dy, losses, from, to, count);
    return;
  }
  const share = 1.0 / <f64> count;
  for (let c = from; c < to; c++) {
    const row = <usize> c << 5;
    const error = <f64> load<f32>(y + row) - <f64> load<f32>(labels + (c << 2));
    let value = error * error;
    let first = 2.0 * error;
    let second = 0.0;
    if (kind == MAE) {
      value = Math.abs(error);
      first = error > 0.0 ? 1.0 : error < 0.0 ? -1.0 : error;
    } else if (kind == GAUSSIAN) {
      const lnVariance = <f64> load<f32>(y + row, 4);
      const precision = Math.exp(-lnVariance);
      value = 0.5 * (lnVariance + error * error * precision);
      first = error * precision;
      second = 0.5 * (1.0 - error * error * precision);
    }
    const gradient = f32x4.replace_lane(f32x4.splat(0), 0, <f32> (first * share));
    v128.store(dy + row, f32x4.replace_lane(gradient, 1, <f32> (second * share)));
    v128.store(dy + row, f32x4.splat(0), 16);
    store<f64>(losses + (c << 3), value);
  }
}

/**
 * Writes the losses and gradients for two labels per catalog. Outputs are two means, the natural
 * logs of two inverse widths, and the slope by which the first label's mean follows the second's
 * error.
 */
function jointLoss(
  y: usize,
  labels: usize,
  dy: usize,
  losses: usize,
  from: i32,
  to: i32,
  count: i32,
): void {
  const share = 1.0 / <f64> count;
  for (let c = from; c < to; c++) {
    const row = <usize> c << 5;
    const r1 = <f64> load<f32>(y + row) - <f64> load<f32>(labels + (c << 3));
    const r2 = <f64> load<f32>(y + row, 4) - <f64> load<f32>(labels + (c << 3), 4);
    const ln1 = <f64> load<f32>(y + row, 8);
    const ln2 = <f64> load<f32>(y + row, 12);
    const slope = <f64> load<f32>(y + row, 16);
    const p1 = Math.exp(ln1);
    const p2 = Math.exp(ln2);
    const w1 = p1 * (r1 + slope * r2);
    const w2 = p2 * r2;
    store<f32>(dy + row, <f32> (share * w1 * p1));
    store<f32>(dy + row, <f32> (share * (w1 * p1 * slope + w2 * p2)), 4);
    store<f32>(dy + row, <f32> (share * (w1 * w1 - 1.0)), 8);
    store<f32>(dy + row, <f32> (share * (w2 * w2 - 1.0)), 12);
    store<f32>(dy + row, <f32> (share * w1 * p1 * r2), 16);
    store<f32>(dy + row, 0, 20);
    store<f64>(dy + row, 0, 24);
    store<f64>(losses + (c << 3), 0.5 * (w1 * w1 + w2 * w2) - ln1 - ln2);
  }
}

/** Adds arrays to the first, one after the other, in the elements `from` to `to` (multiples of 4). */
export function sum(
  first: usize,
  others: usize,
  stride: usize,
  number: i32,
  from: i32,
  to: i32,
): void {
  for (let i = <usize> from << 2; i < <usize> to << 2; i += 16) {
    let value = v128.load(first + i);
    let at = others + i;
    for (let n = 0; n < number; n++) {
      value = f32x4.add(value, v128.load(at));
      at += stride;
    }
    v128.store(first + i, value);
  }
}

/** Sums of squares of blocks `from` to `to` of the gradient, each over NORM_BLOCK elements. */
export function squares(g: usize, size: i32, from: i32, to: i32, sums: usize): void {
  for (let block = from; block < to; block++) {
    const end = g + (<usize> min(size, (block + 1) * NORM_BLOCK) << 2);
    let low = f64x2.splat(0);
    let high = low;
    for (let at = g + (<usize> block * NORM_BLOCK << 2); at < end; at += 16) {
      const value = v128.load(at);
      const a = f64x2.promote_low_f32x4(value);
      const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(value, value, 2, 3, 2, 3));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    const sum = f64x2.add(low, high);
    store<f64>(sums + (block << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/** The sum of some 64-bit numbers, in their order. */
function total(values: usize, count: i32): f64 {
  let sum = 0.0;
  for (let i = 0; i < count; i++) sum += load<f64>(values + (i << 3));
  return sum;
}

/**
 * Moves weights `from` to `to` (multiples of 4) against their gradient, if the loss is finite.
 *
 * @param blocks Blocks of `sums`, 0 for no limit to the gradient's norm
 * @param clip The largest norm
 * @param bias1 1 - 0.9 ^ step: the share of the first moment that is known
 * @param bias2 1 - 0.999 ^ step
 */
export function update(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  from: i32,
  to: i32,
  losses: usize,
  count: i32,
  sums: usize,
  blocks: i32,
  kind: i32,
  clip: f32,
  rate: f32,
  decay: f32,
  bias1: f32,
  bias2: f32,
): void {
  if (!isFinite(total(losses, count))) return;
  let scale: f32 = 1;
  if (blocks) {
    const norm = Math.sqrt(total(sums, blocks));
    if (norm > clip) scale = <f32> (<f64> clip / norm);
  }
  const scales = f32x4.splat(scale);
  const rates = f32x4.splat(rate);
  if (kind != ADAM) {
    for (let i = <usize> from << 2; i < <usize> to << 2; i += 16) {
      const step = f32x4.mul(f32x4.mul(v128.load(g + i), scales), rates);
      v128.store(w + i, f32x4.sub(v128.load(w + i), step));
    }
    return;
  }
  const keep = f32x4.splat(1 - rate * decay);
  const first = f32x4.splat(rate / bias1);
  const second = f32x4.splat(1 / bias2);
  const b1 = f32x4.splat(0.9);
  const b2 = f32x4.splat(0.999);
  const a1 = f32x4.splat(0.1);
  const a2 = f32x4.splat(0.001);
  const epsilon = f32x4.splat(1e-8);
  for (let i = <usize> from << 2; i < <usize> to << 2; i += 16) {
    const gradient = f32x4.mul(v128.load(g + i), scales);
    const mean = f32x4.add(f32x4.mul(v128.load(m + i), b1), f32x4.mul(gradient, a1));
    const square = f32x4.mul(f32x4.mul(gradient, gradient), a2);
    const variance = f32x4.add(f32x4.mul(v128.load(v + i), b2), square);
    v128.store(m + i, mean);
    v128.store(v + i, variance);
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(variance, second)), epsilon);
    const step = f32x4.div(f32x4.mul(mean, first), size);
    v128.store(w + i, f32x4.sub(f32x4.mul(v128.load(w + i), keep), step));
  }
}
