/** How wide the terminal is, and text that fits it. */

/** Width where there is no terminal. */
const DEFAULT_COLUMNS = 80;
/** Least width that text is wrapped to, so that a tiny window still shows whole words. */
const LEAST_COLUMNS = 40;

/** Columns of the terminal; 80 where there is none, as in a file or pipe. */
export function terminalColumns(): number {
  try {
    return Math.max(LEAST_COLUMNS, Deno.consoleSize().columns || DEFAULT_COLUMNS);
  } catch {
    return DEFAULT_COLUMNS;
  }
}

/**
 * Lines of at most `width` characters, broken between words; a longer word has a line of its own.
 *
 * @param text One paragraph
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
