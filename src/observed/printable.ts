/**
 * A stranger's text as it may be printed: on one line, and without what moves a terminal's cursor or
 * turns the direction of writing.
 *
 * @module
 */

/** Control characters, separators of lines, and marks of direction. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A text with every character that could forge output written as its code: "\x1b", "\n".
 *
 * @example
 * ```ts
 * import { printable } from "@clusters/terse/observed";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printable("A 85\nsigma8 0.81"), "A 85\\nsigma8 0.81");
 * ```
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}
