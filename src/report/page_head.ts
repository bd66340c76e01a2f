/**
 * The head of a page in one file: it names its only script and style by their hashes, loads
 * nothing, and supports light and dark themes.
 */
import { escapeText } from "./svg.ts";
import { hashSource } from "./source_hash.ts";

/** Content of a page's head. */
export interface PageHead {
  /** The page's title, as plain text. */
  readonly title: string;
  /** The page's one style sheet. */
  readonly style: string;
  /** The page's one script; if left out, no script may run. */
  readonly script?: string;
  /** What the script may do in addition to running: a source of `script-src`. */
  readonly scriptMay?: string;
  /** Further directives of the content security policy for what the page may load from itself. */
  readonly allows?: readonly string[];
  /** Further directives of the policy that forbid something. */
  readonly forbids?: readonly string[];
  /** Further elements of the head. */
  readonly elements?: readonly string[];
}

/** The first lines of a page, up to its body. */
export async function renderHead(
  { title, style, script, scriptMay, allows = [], forbids = [], elements = [] }: PageHead,
): Promise<string> {
  const policy = [
    "default-src 'none'",
    ...script === undefined ? [] : [
      `script-src '${await hashSource(script)}'${scriptMay === undefined ? "" : ` ${scriptMay}`}`,
    ],
    `style-src '${await hashSource(style)}'`,
    ...allows,
    "base-uri 'none'",
    "form-action 'none'",
    ...forbids,
  ].join("; ");
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    ...elements,
    `<title>${escapeText(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
  ].join("\n");
}
