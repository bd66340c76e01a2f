/**
 * What joins the encoder to the convolutions: rows come in as the batch has them, terse values go out
 * to one line of all catalogs with two zero rows between neighbors, which the convolutions' windows
 * may overlap, and the gradient comes back.
 */

/** Rows of `width` values to panels of 8; lanes beyond the width and rows to `padded` are zero. */
export function input(
  source: usize,
  width: i32,
  target: usize,
  stride: usize,
  rows: i32,
  padded: i32,
): void {
  for (let start = 0; start < width; start += 8) {
    const lanes = min(8, width - start);
    for (let r = 0; r < padded; r++) {
      const to = target + <usize> r * 32;
      v128.store(to, i32x4.splat(0));
      v128.store(to, i32x4.splat(0), 16);
      if (r >= rows) continue;
      const from = source + (<usize> (r * width + start) << 2);
      if (lanes == 8) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else {
        for (let i = 0; i < lanes; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 2)));
      }
    }
    target += stride;
  }
}

/**
 * Each row's terse value, then its supplementary values, then zeros.
 *
 * @param terse The first row's terse value
 * @param terseStep Bytes from one row's terse value to the next
 * @param places Byte offset of each row in the target's panels
 */
export function join(
  terse: usize,
  terseStep: usize,
  rows: i32,
  places: usize,
  supplementary: usize,
  width: i32,
  target: usize,
  stride: usize,
): void {
  const panels = (width + 8) >> 3;
  for (let r = 0; r < rows; r++) {
    const to = target + <usize> load<i32>(places + (r << 2));
    for (let p = 0; p < panels; p++) {
      v128.store(to + <usize>p * stride, i32x4.splat(0));
      v128.store(to + <usize>p * stride, i32x4.splat(0), 16);
    }
    store<f32>(to, load<f32>(terse + <usize>r * terseStep));
    for (let i = 1; i <= width; i++) {
      const lane = to + <usize>(i >> 3) * stride + ((i & 7) << 2);
      store<f32>(lane, load<f32>(supplementary + ((r * width + i - 1) << 2)));
    }
  }
}

/** The gradient of each terse value, with seven zeros; ones where `places` is 0. */
export function split(source: usize, places: usize, target: usize, rows: i32, padded: i32): void {
  for (let r = 0; r < padded; r++) {
    const to = target + <usize> r * 32;
    let value: f32 = 0;
    if (r < rows) value = places ? load<f32>(source + <usize> load<i32>(places + (r << 2))) : 1;
    v128.store(to, f32x4.replace_lane(f32x4.splat(0), 0, value));
    v128.store(to, f32x4.splat(0), 16);
  }
}

/** Two zero rows before and after each of the catalogs `from` to `to`. */
export function clear(
  base: usize,
  stride: usize,
  panels: i32,
  starts: usize,
  counts: usize,
  from: i32,
  to: i32,
): void {
  const zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    for (let c = from; c < to; c++) {
      const first = base + (<usize> load<i32>(starts + (c << 2)) << 5);
      const after = first + (<usize> load<i32>(counts + (c << 2)) << 5);
      for (let i: usize = 0; i < 64; i += 16) {
        v128.store(first - 64 + i, zero);
        v128.store(after + i, zero);
      }
    }
    base += stride;
  }
}
