/**
 * The product of `product.ts` in tiles of 6 rows and 16 outputs, for V8's experimental
 * revectorization, which joins pairs of 128-bit operations to 256 bits. Without it the 24 sums do not
 * fit the registers and this is slower. Every sum is taken in the same order: the bits are the same.
 *
 * V8 joins what ends in pairs of neighboring stores, one panel after the other; what follows the
 * sums is done in memory, so that it cannot get in the way.
 */
import { DROPPED, LEAKY, LINEAR } from "../opcodes";
import { dropped, leaky, masked, product } from "./product";

/** See `product`; `zeros` is the address of 64 zero bytes. */
export function wideProduct(
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
  zeros: usize,
): void {
  const rewind = tapStep - <usize>kPanels * xStride;
  const wPanel = <usize>(kPanels * taps) << 8;
  for (let j = 0; j + 1 < nPanels; j += 2) {
    const start = bias ? bias : zeros;
    for (let i = 0; i < tiles; i++) {
      const row = rows + <usize>i * 24;
      let p0 = x + <usize>load<i32>(row, 0);
      let p1 = x + <usize>load<i32>(row, 4);
      let p2 = x + <usize>load<i32>(row, 8);
      let p3 = x + <usize>load<i32>(row, 12);
      let p4 = x + <usize>load<i32>(row, 16);
      let p5 = x + <usize>load<i32>(row, 20);
      let c00 = v128.load(start, 0);
      let c01 = v128.load(start, 16);
      let c02 = v128.load(start, 32);
      let c03 = v128.load(start, 48);
      let c10 = v128.load(start, 0);
      let c11 = v128.load(start, 16);
      let c12 = v128.load(start, 32);
      let c13 = v128.load(start, 48);
      let c20 = v128.load(start, 0);
      let c21 = v128.load(start, 16);
      let c22 = v128.load(start, 32);
      let c23 = v128.load(start, 48);
      let c30 = v128.load(start, 0);
      let c31 = v128.load(start, 16);
      let c32 = v128.load(start, 32);
      let c33 = v128.load(start, 48);
      let c40 = v128.load(start, 0);
      let c41 = v128.load(start, 16);
      let c42 = v128.load(start, 32);
      let c43 = v128.load(start, 48);
      let c50 = v128.load(start, 0);
      let c51 = v128.load(start, 16);
      let c52 = v128.load(start, 32);
      let c53 = v128.load(start, 48);
      let b0: v128, b1: v128, b2: v128, b3: v128, a: v128;
      let q = w;
      let r = w + wPanel;
      for (let t = taps; t > 0; t--) {
        for (let n = kPanels; n > 0; n--) {
          b0 = v128.load(q, 0);
          b1 = v128.load(q, 16);
          b2 = v128.load(r, 0);
          b3 = v128.load(r, 16);
          a = v128.load_splat<f32>(p0, 0);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 0);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 0);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 0);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 0);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 0);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 32);
          b1 = v128.load(q, 48);
          b2 = v128.load(r, 32);
          b3 = v128.load(r, 48);
          a = v128.load_splat<f32>(p0, 4);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 4);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 4);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 4);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 4);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 4);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 64);
          b1 = v128.load(q, 80);
          b2 = v128.load(r, 64);
          b3 = v128.load(r, 80);
          a = v128.load_splat<f32>(p0, 8);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 8);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 8);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 8);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 8);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 8);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 96);
          b1 = v128.load(q, 112);
          b2 = v128.load(r, 96);
          b3 = v128.load(r, 112);
          a = v128.load_splat<f32>(p0, 12);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 12);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 12);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 12);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 12);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 12);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 128);
          b1 = v128.load(q, 144);
          b2 = v128.load(r, 128);
          b3 = v128.load(r, 144);
          a = v128.load_splat<f32>(p0, 16);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 16);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 16);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 16);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 16);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 16);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 160);
          b1 = v128.load(q, 176);
          b2 = v128.load(r, 160);
          b3 = v128.load(r, 176);
          a = v128.load_splat<f32>(p0, 20);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 20);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 20);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 20);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 20);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 20);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 192);
          b1 = v128.load(q, 208);
          b2 = v128.load(r, 192);
          b3 = v128.load(r, 208);
          a = v128.load_splat<f32>(p0, 24);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 24);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 24);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 24);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 24);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 24);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          b0 = v128.load(q, 224);
          b1 = v128.load(q, 240);
          b2 = v128.load(r, 224);
          b3 = v128.load(r, 240);
          a = v128.load_splat<f32>(p0, 28);
          c00 = f32x4.relaxed_madd(a, b0, c00);
          c01 = f32x4.relaxed_madd(a, b1, c01);
          c02 = f32x4.relaxed_madd(a, b2, c02);
          c03 = f32x4.relaxed_madd(a, b3, c03);
          a = v128.load_splat<f32>(p1, 28);
          c10 = f32x4.relaxed_madd(a, b0, c10);
          c11 = f32x4.relaxed_madd(a, b1, c11);
          c12 = f32x4.relaxed_madd(a, b2, c12);
          c13 = f32x4.relaxed_madd(a, b3, c13);
          a = v128.load_splat<f32>(p2, 28);
          c20 = f32x4.relaxed_madd(a, b0, c20);
          c21 = f32x4.relaxed_madd(a, b1, c21);
          c22 = f32x4.relaxed_madd(a, b2, c22);
          c23 = f32x4.relaxed_madd(a, b3, c23);
          a = v128.load_splat<f32>(p3, 28);
          c30 = f32x4.relaxed_madd(a, b0, c30);
          c31 = f32x4.relaxed_madd(a, b1, c31);
          c32 = f32x4.relaxed_madd(a, b2, c32);
          c33 = f32x4.relaxed_madd(a, b3, c33);
          a = v128.load_splat<f32>(p4, 28);
          c40 = f32x4.relaxed_madd(a, b0, c40);
          c41 = f32x4.relaxed_madd(a, b1, c41);
          c42 = f32x4.relaxed_madd(a, b2, c42);
          c43 = f32x4.relaxed_madd(a, b3, c43);
          a = v128.load_splat<f32>(p5, 28);
          c50 = f32x4.relaxed_madd(a, b0, c50);
          c51 = f32x4.relaxed_madd(a, b1, c51);
          c52 = f32x4.relaxed_madd(a, b2, c52);
          c53 = f32x4.relaxed_madd(a, b3, c53);
          p0 += xStride;
          p1 += xStride;
          p2 += xStride;
          p3 += xStride;
          p4 += xStride;
          p5 += xStride;
          q += 256;
          r += 256;
        }
        p0 += rewind;
        p1 += rewind;
        p2 += rewind;
        p3 += rewind;
        p4 += rewind;
        p5 += rewind;
      }
      let o = out;
      o = out + <usize>load<i32>(row, 0);
      v128.store(o, c00);
      v128.store(o, c01, 16);
      o = out + <usize>load<i32>(row, 4);
      v128.store(o, c10);
      v128.store(o, c11, 16);
      o = out + <usize>load<i32>(row, 8);
      v128.store(o, c20);
      v128.store(o, c21, 16);
      o = out + <usize>load<i32>(row, 12);
      v128.store(o, c30);
      v128.store(o, c31, 16);
      o = out + <usize>load<i32>(row, 16);
      v128.store(o, c40);
      v128.store(o, c41, 16);
      o = out + <usize>load<i32>(row, 20);
      v128.store(o, c50);
      v128.store(o, c51, 16);
      o = out + <usize>load<i32>(row, 0) + outStride;
      v128.store(o, c02);
      v128.store(o, c03, 16);
      o = out + <usize>load<i32>(row, 4) + outStride;
      v128.store(o, c12);
      v128.store(o, c13, 16);
      o = out + <usize>load<i32>(row, 8) + outStride;
      v128.store(o, c22);
      v128.store(o, c23, 16);
      o = out + <usize>load<i32>(row, 12) + outStride;
      v128.store(o, c32);
      v128.store(o, c33, 16);
      o = out + <usize>load<i32>(row, 16) + outStride;
      v128.store(o, c42);
      v128.store(o, c43, 16);
      o = out + <usize>load<i32>(row, 20) + outStride;
      v128.store(o, c52);
      v128.store(o, c53, 16);
      if (finish != LINEAR) {
        finishTile(out, row, finish, mask, positive, negative);
        finishTile(out + outStride, row, finish, mask + outStride, positive, negative);
      }
    }
    w += 2 * wPanel;
    out += 2 * outStride;
    mask += 2 * outStride;
    if (bias) bias += 64;
  }
  if (nPanels & 1) {
    product(x, xStride, rows, tiles, w, kPanels, taps, tapStep, out, outStride, 1, bias, finish,
      mask, positive, negative);
  }
}

/** Applies an activation, or the slopes of one, to a tile of one panel. */
function finishTile(
  out: usize,
  row: usize,
  finish: i32,
  mask: usize,
  positive: f32,
  negative: f32,
): void {
  const plus = f32x4.splat(positive);
  const minus = f32x4.splat(negative);
  for (let i: usize = 0; i < 24; i += 4) {
    const offset = <usize>load<i32>(row + i);
    for (let lane: usize = 0; lane < 32; lane += 16) {
      const at = out + offset + lane;
      const z = v128.load(at);
      if (finish == LEAKY) {
        v128.store(at, leaky(z, minus));
      } else {
        const y = v128.load(mask + offset + lane);
        v128.store(at, finish == DROPPED ? dropped(z, y, plus, minus) : masked(z, y, plus, minus));
      }
    }
  }
}

/** A tile of 6 inputs and 16 outputs of `weightGradient`, see there; all six inputs are valid. */
export function wideGradientTile(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  p4: usize,
  p5: usize,
  q: usize,
  r: usize,
  counts: usize,
  chunks: i32,
  xChunk: usize,
  dyChunk: usize,
  d: usize,
  e: usize,
): void {
  let c00 = v128.load(d, 0), c01 = v128.load(d, 16);
  let c02 = v128.load(e, 0), c03 = v128.load(e, 16);
  let c10 = v128.load(d, 32), c11 = v128.load(d, 48);
  let c12 = v128.load(e, 32), c13 = v128.load(e, 48);
  let c20 = v128.load(d, 64), c21 = v128.load(d, 80);
  let c22 = v128.load(e, 64), c23 = v128.load(e, 80);
  let c30 = v128.load(d, 96), c31 = v128.load(d, 112);
  let c32 = v128.load(e, 96), c33 = v128.load(e, 112);
  let c40 = v128.load(d, 128), c41 = v128.load(d, 144);
  let c42 = v128.load(e, 128), c43 = v128.load(e, 144);
  let c50 = v128.load(d, 160), c51 = v128.load(d, 176);
  let c52 = v128.load(e, 160), c53 = v128.load(e, 176);
  let b0: v128, b1: v128, b2: v128, b3: v128, a: v128;
  for (let c = 0; c < chunks; c++) {
    const rows = load<i32>(counts + (<usize>c << 2));
    const xSkip = xChunk - (<usize>rows << 5);
    const dySkip = dyChunk - (<usize>rows << 5);
    for (let n = rows; n > 0; n--) {
      b0 = v128.load(q);
      b1 = v128.load(q, 16);
      b2 = v128.load(r);
      b3 = v128.load(r, 16);
      a = v128.load_splat<f32>(p0);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      c02 = f32x4.relaxed_madd(a, b2, c02);
      c03 = f32x4.relaxed_madd(a, b3, c03);
      a = v128.load_splat<f32>(p1);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      c12 = f32x4.relaxed_madd(a, b2, c12);
      c13 = f32x4.relaxed_madd(a, b3, c13);
      a = v128.load_splat<f32>(p2);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      c22 = f32x4.relaxed_madd(a, b2, c22);
      c23 = f32x4.relaxed_madd(a, b3, c23);
      a = v128.load_splat<f32>(p3);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      c32 = f32x4.relaxed_madd(a, b2, c32);
      c33 = f32x4.relaxed_madd(a, b3, c33);
      a = v128.load_splat<f32>(p4);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      c42 = f32x4.relaxed_madd(a, b2, c42);
      c43 = f32x4.relaxed_madd(a, b3, c43);
      a = v128.load_splat<f32>(p5);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      c52 = f32x4.relaxed_madd(a, b2, c52);
      c53 = f32x4.relaxed_madd(a, b3, c53);
      p0 += 32;
      p1 += 32;
      p2 += 32;
      p3 += 32;
      p4 += 32;
      p5 += 32;
      q += 32;
      r += 32;
    }
    p0 += xSkip;
    p1 += xSkip;
    p2 += xSkip;
    p3 += xSkip;
    p4 += xSkip;
    p5 += xSkip;
    q += dySkip;
    r += dySkip;
  }
  v128.store(d, c00, 0);
  v128.store(d, c01, 16);
  v128.store(d, c10, 32);
  v128.store(d, c11, 48);
  v128.store(d, c20, 64);
  v128.store(d, c21, 80);
  v128.store(d, c30, 96);
  v128.store(d, c31, 112);
  v128.store(d, c40, 128);
  v128.store(d, c41, 144);
  v128.store(d, c50, 160);
  v128.store(d, c51, 176);
  v128.store(e, c02, 0);
  v128.store(e, c03, 16);
  v128.store(e, c12, 32);
  v128.store(e, c13, 48);
  v128.store(e, c22, 64);
  v128.store(e, c23, 80);
  v128.store(e, c32, 96);
  v128.store(e, c33, 112);
  v128.store(e, c42, 128);
  v128.store(e, c43, 144);
  v128.store(e, c52, 160);
  v128.store(e, c53, 176);
}
