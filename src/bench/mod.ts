/**
 * Programs compared by their speed: each contestant is a process, all take turns, and a ratio comes
 * with its interval. A second process of the first contestant is compared as well (A/A), so that a
 * comparison shows what the machine can resolve; and a contestant whose result differs has no speed.
 *
 * A contestant is a program that calls {@linkcode serveTurns}; {@linkcode compare} starts, times and
 * judges it, and {@linkcode formatComparison} makes the table. Needs permission to run the programs.
 *
 * @example
 * ```ts
 * import { compare, formatComparison } from "@clusters/terse/bench";
 * import { assert, assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const harness = import.meta.resolve("@clusters/terse/bench");
 * const program = (work: string) =>
 *   `import { serveTurns } from "${harness}"; await serveTurns(() => ${work});`;
 * const contestant = (name: string, work: string) => ({
 *   name,
 *   command: [Deno.execPath(), "eval", program(work)],
 * });
 * const comparison = await compare([
 *   contestant("loop", "{ let s = 0; for (let i = 0; i < 1e4; i++) s += i; return s; }"),
 *   contestant("formula", "1e4 * (1e4 - 1) / 2"),
 *   contestant("wrong", "7"),
 * ], { generations: 2, attempts: 1, rounds: 3, milliseconds: 2 });
 * const [, formula, wrong] = comparison.standings;
 * assert(formula!.ratio!.estimate < 0.5);
 * assertEquals(wrong!.verdict, "wrong result");
 * assertStringIncludes(formatComparison(comparison), "| formula |");
 * ```
 *
 * @module
 */
export { compare, type ComparisonOptions } from "./compare.ts";
export type { ContestantProgram } from "./process.ts";
export {
  judgeRatios,
  type Ratio,
  type RatioVerdict,
  type SpeedComparison,
  type Standing,
  type TurnTimes,
} from "./ratios.ts";
export { formatComparison } from "./text.ts";
export { serveTurns, type Work } from "./turns.ts";
