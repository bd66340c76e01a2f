/** The tile of `gradient.ts` for the inputs that six do not divide: 4 inputs and 8 outputs. */
export function gradientOfFour(
  // unroll i = 0..3
    p$i: usize,
  // end
  q: usize,
  counts: usize,
  chunks: i32,
  xChunk: usize,
  dyChunk: usize,
  d: usize,
  add: i32,
): void {
  // unroll i = 0..3
    let c$i0 = f32x4.splat(0);
    let c$i1 = f32x4.splat(0);
  // end
  if (add) {
    // unroll i = 0..3
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
        // unroll i = 0..3
          a = v128.load_splat<f32>(p$i, $(32 * k));
          c$i0 = f32x4.relaxed_madd(a, b0, c$i0);
          c$i1 = f32x4.relaxed_madd(a, b1, c$i1);
        // end
      // end
      // unroll i = 0..3
        p$i += 128;
      // end
      q += 128;
    }
    for (; r > 0; r--) {
      b0 = v128.load(q, 0);
      b1 = v128.load(q, 16);
      // unroll i = 0..3
        a = v128.load_splat<f32>(p$i, 0);
        c$i0 = f32x4.relaxed_madd(a, b0, c$i0);
        c$i1 = f32x4.relaxed_madd(a, b1, c$i1);
      // end
      // unroll i = 0..3
        p$i += 32;
      // end
      q += 32;
    }
    // unroll i = 0..3
      p$i += xSkip;
    // end
    q += dyChunk - (<usize>rows << 5);
  }
  // unroll i = 0..3
    v128.store(d, c$i0, $(32 * i));
    v128.store(d, c$i1, $(32 * i + 16));
  // end
}
