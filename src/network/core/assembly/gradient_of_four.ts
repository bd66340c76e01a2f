/** The tile of `gradient.ts` for the inputs that six do not divide: 4 inputs and 8 outputs. */
export function gradientOfFour(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  q: usize,
  counts: usize,
  chunks: i32,
  xChunk: usize,
  dyChunk: usize,
  d: usize,
  add: i32,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  if (add) {
    c00 = v128.load(d, 0);
    c01 = v128.load(d, 16);
    c10 = v128.load(d, 32);
    c11 = v128.load(d, 48);
    c20 = v128.load(d, 64);
    c21 = v128.load(d, 80);
    c30 = v128.load(d, 96);
    c31 = v128.load(d, 112);
  }
  let b0: v128, b1: v128, a: v128;
  for (let c = 0; c < chunks; c++) {
    const rows = load<i32>(counts + (<usize>c << 2));
    const xSkip = xChunk - (<usize>rows << 5);
    let r = rows;
    for (; r >= 4; r -= 4) {
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
      b0 = v128.load(q, 32);
      b1 = v128.load(q, 48);
      a = v128.load_splat<f32>(p0, 32);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load_splat<f32>(p1, 32);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load_splat<f32>(p2, 32);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load_splat<f32>(p3, 32);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      b0 = v128.load(q, 64);
      b1 = v128.load(q, 80);
      a = v128.load_splat<f32>(p0, 64);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load_splat<f32>(p1, 64);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load_splat<f32>(p2, 64);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load_splat<f32>(p3, 64);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      b0 = v128.load(q, 96);
      b1 = v128.load(q, 112);
      a = v128.load_splat<f32>(p0, 96);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load_splat<f32>(p1, 96);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load_splat<f32>(p2, 96);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load_splat<f32>(p3, 96);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      p0 += 128;
      p1 += 128;
      p2 += 128;
      p3 += 128;
      q += 128;
    }
    for (; r > 0; r--) {
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
      p0 += 32;
      p1 += 32;
      p2 += 32;
      p3 += 32;
      q += 32;
    }
    p0 += xSkip;
    p1 += xSkip;
    p2 += xSkip;
    p3 += xSkip;
    q += dyChunk - (<usize>rows << 5);
  }
  v128.store(d, c00, 0);
  v128.store(d, c01, 16);
  v128.store(d, c10, 32);
  v128.store(d, c11, 48);
  v128.store(d, c20, 64);
  v128.store(d, c21, 80);
  v128.store(d, c30, 96);
  v128.store(d, c31, 112);
}
