/**
 * What a set regression does with the catalogs `from` to `to` of a chunk, in addition to products: means over
 * their clusters and the deviations from them, periodic features, and the gradients of both.
 *
 * A panel holds the chunk's rows one catalog after the other; `offsets` has each catalog's first row in
 * the batch, and that of `from` is the chunk's first. Values of whole catalogs are panels too, whose row
 * `c` is catalog `c`'s. Sums run over rows in their order: their bits depend on the catalog alone.
 */

@inline
function word(table: usize, index: i32): i32 {
  return load<i32>(table + (<usize>index << 2));
}

/** Address of a unit in the first row of panels. */
@inline
function unit(base: usize, stride: usize, index: i32): usize {
  return base + <usize>(index >> 3) * stride + (<usize>(index & 7) << 2);
}

/**
 * A cluster's inputs: its terse and supplementary values, then their deviations from the catalog's mean,
 * then zeros up to the end of the panels.
 *
 * @param terse The first row's terse value
 * @param terseStep Bytes from one row's terse value to the next
 * @param supplementary Of the whole batch, [rows x (seen - 1)]
 * @param seen Values of a cluster
 * @param means Receives the catalogs' means, [catalogs x seen]
 */
export function deviate(
  terse: usize,
  terseStep: usize,
  supplementary: usize,
  seen: i32,
  offsets: usize,
  from: i32,
  to: i32,
  x: usize,
  stride: usize,
  panels: i32,
  means: usize,
): void {
  const start = word(offsets, from);
  const all = <usize>(word(offsets, to) - start) << 5;
  for (let p = 0; p < panels; p++) memory.fill(x + <usize>p * stride, 0, all);
  for (let c = from; c < to; c++) {
    const first = word(offsets, c);
    const rows = word(offsets, c + 1) - first;
    const place = <usize>(first - start);
    for (let k = 0; k < seen; k++) {
      let source = terse + place * terseStep;
      let step = terseStep;
      if (k > 0) {
        source = supplementary + (<usize>(first * (seen - 1) + k - 1) << 2);
        step = <usize>(seen - 1) << 2;
      }
      const value = unit(x, stride, k) + (place << 5);
      const deviation = unit(x, stride, seen + k) + (place << 5);
      let sum = 0.0;
      for (let r: usize = 0; r < <usize>rows; r++) {
        const found = load<f32>(source);
        store<f32>(value + (r << 5), found);
        sum += <f64>found;
        source += step;
      }
      const mean = <f32>(sum / <f64>rows);
      store<f32>(means + (<usize>(c * seen + k) << 2), mean);
      for (let r: usize = 0; r < <usize>rows; r++) {
        store<f32>(deviation + (r << 5), load<f32>(value + (r << 5)) - mean);
      }
    }
  }
}

/** What is left of four angles [rad] after so many quarter turns each. */
@inline
function reduce(angles: v128, quarters: v128): v128 {
  const QUARTER: f64 = 1.5707963267948966;
  return f64x2.sub(angles, f64x2.mul(quarters, f64x2.splat(QUARTER)));
}

@inline
function quartersOf(angles: v128): v128 {
  const PER_QUARTER: f64 = 0.6366197723675814;
  return f64x2.nearest(f64x2.mul(angles, f64x2.splat(PER_QUARTER)));
}

@inline
function storeLanes(at: usize, stride: usize, first: i32, number: i32, values: v128): void {
  // unroll i = 0..3
    if (number > $i) store<f32>(unit(at, stride, first + $i), f32x4.extract_lane(values, $i));
  // end
}

/**
 * Sines, then cosines, of factors times the terse value's deviation, of some rows. Angles are reduced in
 * 64 bits; the polynomials are those of Cephes (sinf, cosf), within 1e-7 of the truth.
 *
 * @param seen Values of a cluster: the deviation is unit `seen`, and the sines follow all deviations
 * @param factors Filled up with zeros to a multiple of four
 */
export function periodic(
  x: usize,
  stride: usize,
  seen: i32,
  factors: usize,
  number: i32,
  rows: i32,
): void {
  const one = f32x4.splat(1);
  const bit = i32x4.splat(1);
  for (let r = 0; r < rows; r++) {
    const deviation = f64x2.splat(<f64>load<f32>(unit(x, stride, seen)));
    for (let f = 0; f < number; f += 4) {
      const factor = v128.load(factors + (<usize>f << 2));
      const high = v128.shuffle<i32>(factor, factor, 2, 3, 2, 3);
      const a = f64x2.mul(f64x2.promote_low_f32x4(factor), deviation);
      const b = f64x2.mul(f64x2.promote_low_f32x4(high), deviation);
      const m = quartersOf(a);
      const n = quartersOf(b);
      const left = v128.shuffle<i32>(
        f32x4.demote_f64x2_zero(reduce(a, m)),
        f32x4.demote_f64x2_zero(reduce(b, n)),
        0, 1, 4, 5,
      );
      const quarters = v128.shuffle<i32>(
        i32x4.trunc_sat_f64x2_s_zero(m),
        i32x4.trunc_sat_f64x2_s_zero(n),
        0, 1, 4, 5,
      );
      const z = f32x4.mul(left, left);
      let p = f32x4.add(f32x4.mul(f32x4.splat(-1.9515295891e-4), z), f32x4.splat(8.3321608736e-3));
      p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-1.6666654611e-1));
      const sine = f32x4.add(f32x4.mul(f32x4.mul(p, z), left), left);
      let q = f32x4.add(
        f32x4.mul(f32x4.splat(2.443315711809948e-5), z),
        f32x4.splat(-1.388731625493765e-3),
      );
      q = f32x4.add(f32x4.mul(q, z), f32x4.splat(4.166664568298827e-2));
      q = f32x4.mul(f32x4.mul(q, z), z);
      const cosine = f32x4.add(f32x4.sub(q, f32x4.mul(z, f32x4.splat(0.5))), one);
      // In odd quarters sine and cosine change places; signs are bit 1 of the quarter, and of the next.
      const isOdd = i32x4.eq(v128.and(quarters, bit), bit);
      const sineSign = i32x4.shl(v128.and(quarters, i32x4.splat(2)), 30);
      const next = v128.and(i32x4.add(quarters, bit), i32x4.splat(2));
      const sines = v128.xor(v128.bitselect(cosine, sine, isOdd), sineSign);
      const cosines = v128.xor(v128.bitselect(sine, cosine, isOdd), i32x4.shl(next, 30));
      storeLanes(x, stride, 2 * seen + f, number - f, sines);
      storeLanes(x, stride, 2 * seen + number + f, number - f, cosines);
    }
    x += 32;
  }
}

/**
 * The gradient of each row's terse value, with seven zeros, from that of the cluster's inputs: by itself,
 * as a deviation, through the periodic features, through the context's input, and through the mean.
 *
 * @param dx Gradient of the inputs `x`, laid out alike
 * @param dMean Gradient of each catalog's mean terse value, without what comes by deviations; each row
 *   is one catalog
 * @param dSeen Gradient of the context's input, a panel; 0: there is none
 * @param target Receives a panel, with zero rows up to `padded`
 */
export function undeviate(
  dx: usize,
  x: usize,
  stride: usize,
  seen: i32,
  factors: usize,
  number: i32,
  offsets: usize,
  from: i32,
  to: i32,
  dMean: usize,
  dSeen: usize,
  target: usize,
  padded: i32,
): void {
  const start = word(offsets, from);
  const zero = f32x4.splat(0);
  for (let c = from; c < to; c++) {
    const first = word(offsets, c) - start;
    const rows = word(offsets, c + 1) - start - first;
    let total = 0.0;
    for (let r = first; r < first + rows; r++) {
      const row = <usize>r << 5;
      let deviation = load<f32>(unit(dx, stride, seen) + row);
      for (let f = 0; f < number; f++) {
        const sine = 2 * seen + f;
        const cosine = sine + number;
        const along = load<f32>(unit(x, stride, cosine) + row) *
          load<f32>(unit(dx, stride, sine) + row) -
          load<f32>(unit(x, stride, sine) + row) * load<f32>(unit(dx, stride, cosine) + row);
        deviation += load<f32>(factors + (<usize>f << 2)) * along;
      }
      total += <f64>deviation;
      let value = deviation + load<f32>(dx + row);
      if (dSeen) value += load<f32>(dSeen + row);
      v128.store(target + row, f32x4.replace_lane(zero, 0, value));
      v128.store(target + row, zero, 16);
    }
    const mean = <f64>load<f32>(dMean + (<usize>c << 5));
    const share = <f32>((mean - total) / <f64>rows);
    for (let r = first; r < first + rows; r++) {
      const at = target + (<usize>r << 5);
      store<f32>(at, load<f32>(at) + share);
    }
  }
  const count = word(offsets, to) - start;
  memory.fill(target + (<usize>count << 5), 0, <usize>(padded - count) << 5);
}

/**
 * What a catalog's layers see in addition to a mean over its clusters: their number N as N / typical - 1 and as
 * ln(N / typical), the means of what is seen of them, then zeros.
 *
 * @param means [catalogs x seen]; not read where `seen` is 0
 */
export function describe(
  offsets: usize,
  from: i32,
  to: i32,
  means: usize,
  seen: i32,
  target: usize,
  stride: usize,
  typical: f32,
): void {
  const panels = (2 + seen + 7) >> 3;
  for (let c = from; c < to; c++) {
    const row = target + (<usize>c << 5);
    for (let p = 0; p < panels; p++) memory.fill(row + <usize>p * stride, 0, 32);
    const size = <f64>(word(offsets, c + 1) - word(offsets, c)) / <f64>typical;
    store<f32>(row, <f32>(size - 1.0));
    store<f32>(row, <f32>Math.log(size), 4);
    for (let k = 0; k < seen; k++) {
      store<f32>(unit(row, stride, 2 + k), load<f32>(means + (<usize>(c * seen + k) << 2)));
    }
  }
}

/**
 * Ties the terse values of each catalog to a column: `weight` times the mean square of the difference of
 * their deviations from the catalog's means joins the loss, and its share of the mean over `count`
 * catalogs the gradient.
 *
 * @param values The terse values of rows, at their `places`
 * @param gradients The gradients of terse values, at the same places
 * @param places Byte offset of each row of the batch
 * @param column A value for each row of the batch; NaN for a row that is not tied
 */
export function tie(
  values: usize,
  gradients: usize,
  places: usize,
  column: usize,
  offsets: usize,
  from: i32,
  to: i32,
  losses: usize,
  count: i32,
  weight: f32,
): void {
  for (let c = from; c < to; c++) {
    const first = word(offsets, c);
    const end = word(offsets, c + 1);
    let tied: i32 = 0;
    let sum = 0.0;
    for (let r = first; r < end; r++) {
      const target = load<f32>(column + (<usize>r << 2));
      if (isNaN(target)) continue;
      tied++;
      sum += <f64>target - <f64>load<f32>(values + <usize>word(places, r));
    }
    if (tied === 0) continue;
    const rows = <f64>tied;
    const mean = sum / rows;
    const factor = -2.0 * <f64>weight / (rows * <f64>count);
    let squares = 0.0;
    for (let r = first; r < end; r++) {
      const target = load<f32>(column + (<usize>r << 2));
      if (isNaN(target)) continue;
      const place = <usize>word(places, r);
      const left = <f64>target - <f64>load<f32>(values + place) - mean;
      squares += left * left;
      store<f32>(gradients + place, <f32>(<f64>load<f32>(gradients + place) + factor * left));
    }
    const at = losses + (<usize>c << 3);
    store<f64>(at, load<f64>(at) + <f64>weight * squares / rows);
  }
}
