/**
 * Unrolls marked loops of the AssemblyScript sources, so that kernels are written once and their sums
 * still stay in registers:
 *
 *     // unroll i = 0..5
 *     c$i = f32x4.relaxed_madd(v128.load_splat<f32>(p$i, $(4 * i)), b, c$i);
 *     // end
 *
 * stands for six lines. `$i` is the loop's number, `$(...)` a sum of products of such numbers; loops nest.
 */
const START = /^\s*\/\/ unroll ([a-z]) = (\d+)\.\.(\d+)$/;
const END = /^\s*\/\/ end$/;
/** Numbers, brackets and signs alone. */
const ARITHMETIC = /^[\d\s()+*-]+$/;

type Numbers = ReadonlyMap<string, number>;

/**
 * The source with all marked loops written out.
 *
 * @param name Of the source, for errors
 * @throws {SyntaxError} If a loop has no end or no start, or a number is not one
 */
export function unroll(source: string, name: string): string {
  const lines = source.split("\n");
  const { text, next } = unrollLines(lines, 0, new Map(), name);
  if (next < lines.length) {
    throw new SyntaxError(`Cannot unroll ${name}: line ${next + 1} ends no loop`);
  }
  return text.join("\n");
}

/** Lines from `start` on, up to the end of the loop that they are in. */
function unrollLines(
  lines: readonly string[],
  start: number,
  numbers: Numbers,
  name: string,
): { text: string[]; next: number } {
  const text: string[] = [];
  let at = start;
  while (at < lines.length && !END.test(lines[at]!)) {
    const loop = lines[at]!.match(START);
    if (!loop) {
      text.push(substitute(lines[at]!, numbers, `${name}, line ${at + 1}`));
      at++;
      continue;
    }
    const [, variable, first, last] = loop;
    let next = lines.length;
    for (let i = Number(first); i <= Number(last); i++) {
      const inner = unrollLines(lines, at + 1, new Map([...numbers, [variable!, i]]), name);
      text.push(...inner.text);
      next = inner.next;
    }
    if (next === lines.length) {
      throw new SyntaxError(`Cannot unroll ${name}: the loop of line ${at + 1} has no end`);
    }
    at = next + 1;
  }
  return { text, next: at };
}

function substitute(line: string, numbers: Numbers, place: string): string {
  return line
    .replaceAll(/\$\(((?:[^()]|\([^()]*\))*)\)/g, (_, formula: string) => {
      const filled = formula.replaceAll(/[a-z]/g, (letter) => `${numbers.get(letter) ?? letter}`);
      if (!ARITHMETIC.test(filled)) {
        throw new SyntaxError(`Cannot unroll ${place}: ${formula} is not a number`);
      }
      return String(new Function(`return ${filled}`)());
    })
    .replaceAll(/\$([a-z])/g, (text, letter: string) => `${numbers.get(letter) ?? text}`);
}
