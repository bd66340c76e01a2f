/**
 * A text from a file in a form that is safe to print: on one line, and without characters that move
 * a terminal's cursor or change the direction of writing.
 */

/** Control characters, invisible marks (of direction, say), lone surrogates, and line ends. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

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
    const code = character.codePointAt(0)!.toString(16);
    if (code.length > 4) return `\\u{${code}}`;
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}
