/**
 * Specs of tfjs-core that pass on the cpu backend and not on wasm with the training kernels, by
 * the reason: a spec is expected to fail if its name or its failure contains a pattern.
 */

/** One reason and the specs that it holds for. */
export interface Reason {
  readonly reason: string;
  readonly name?: RegExp;
  readonly why?: RegExp;
}

/** None of them is a gradient spec; `run.ts` says if a pattern meets none. */
export const REASONS: readonly Reason[] = [
  {
    reason: "complex numbers and Fourier transforms: the wasm backend keeps no complex tensors",
    why: /Kernel '(Complex|ComplexAbs|Real|Imag|FFT|IFFT)' not registered/,
  },
  {
    reason: "strings: the wasm backend compares, fills and tiles no strings",
    name: /string|squeeze/i,
    why: /StaticRegexReplace/,
  },
  {
    reason: "ragged tensors: there are no kernels",
    name: /^ragged/,
  },
];
