/**
 * SVG as text: elements with escaped attributes, numbers in a fixed form, and labels with
 * subscripts. The same input gives the same bytes.
 */

/** Attributes by name; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Decimals of a coordinate in pixels; smaller differences are invisible. */
const COORDINATE_DIGITS = 2;

/** Text in which no character is markup, for element content and quoted attributes alike. */
export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * A coordinate in pixels with at most two digits after the point.
 *
 * @throws {RangeError} If it is not finite: a drawing never holds a NaN
 */
export function formatCoordinate(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot draw: a coordinate is ${value}, should be a finite number`);
  }
  return String(Number(value.toFixed(COORDINATE_DIGITS)) + 0);
}

/**
 * An element with its children, which are SVG already.
 *
 * @example
 * ```ts
 * import { element, escapeText } from "@clusters/terse/report";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(element("text", { x: 1 / 3 }, escapeText("M < 1")), '<text x="0.33">M &lt; 1</text>');
 * ```
 *
 * @throws {RangeError} If a numeric attribute is not finite
 */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly string[]
): string {
  const list = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) =>
      ` ${key}="${typeof value === "number" ? formatCoordinate(value) : escapeText(value)}"`
    )
    .join("");
  const content = children.join("");
  return content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

/** A piece of a label: on the line, below it or above it. */
export interface LabelPiece {
  /** Characters of the piece. */
  readonly text: string;
  /** Position of the characters relative to the line. */
  readonly place: "line" | "sub" | "super";
}

/** The pieces of a label, in which `_x`, `_{500}`, `^2`, `^{-1}` mark sub- and superscripts. */
export function parseLabel(label: string): LabelPiece[] {
  const pieces: LabelPiece[] = [];
  let start = 0;
  for (const match of label.matchAll(/([_^])(?:\{([^}]*)\}|(.))/gu)) {
    if (match.index > start) pieces.push({ text: label.slice(start, match.index), place: "line" });
    pieces.push({
      text: match[2] ?? match[3]!,
      place: match[1] === "_" ? "sub" : "super",
    });
    start = match.index + match[0].length;
  }
  if (start < label.length) pieces.push({ text: label.slice(start), place: "line" });
  return pieces;
}

/** Shifts of sub- and superscripts in parts of the font size; SVG has no other portable way. */
const SHIFTS = { line: 0, sub: 0.26, super: -0.38 } as const;

/** Width of a space in parts of the font size. */
const SPACE = 0.3;

/** A label as tspans, for a text element of the given font size. */
export function labelSpans(label: string, fontSize: number): string {
  let shift = 0;
  return parseLabel(label).map(({ text, place }) => {
    const dy = SHIFTS[place] * fontSize - shift;
    shift += dy;
    if (place === "line" && dy === 0) return escapeText(text);
    // Renderers differ on spaces at the start of a tspan; a shift works in all of them.
    const dx = text.startsWith(" ") ? SPACE * fontSize : undefined;
    const size = place === "line" ? undefined : 0.75 * fontSize;
    return element("tspan", { dx, dy, "font-size": size }, escapeText(text.trimStart()));
  }).join("");
}

/** A label as HTML with `sub` and `sup`. */
export function labelHtml(label: string): string {
  const tags = { sub: "sub", super: "sup" } as const;
  return parseLabel(label).map(({ text, place }) =>
    place === "line" ? escapeText(text) : `<${tags[place]}>${escapeText(text)}</${tags[place]}>`
  ).join("");
}

/** A label without markup, for attributes and file names: "M500", "10^-1". */
export function labelText(label: string): string {
  return parseLabel(label)
    .map(({ text, place }) => place === "super" ? `^${text}` : text)
    .join("");
}

/** Approximate width of a label in parts of the font size; there is no font to measure it with. */
export function labelWidth(label: string): number {
  return parseLabel(label).reduce(
    (width, { text, place }) => width + text.length * (place === "line" ? 0.56 : 0.42),
    0,
  );
}

/** Largest width of a drawing that stays readable when it is shrunk to a telephone's screen. */
const WIDE = 700;

/** A whole drawing: white sheet, given size, and a description for screen readers. */
export function svgDocument(
  size: { readonly width: number; readonly height: number },
  description: string,
  children: readonly string[],
): string {
  const { width, height } = size;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${formatCoordinate(width)} ${formatCoordinate(height)}`,
      width,
      height,
      class: width > WIDE ? "wide" : undefined,
      role: "img",
      "aria-label": labelText(description),
      "font-family": "system-ui, 'DejaVu Sans', Arial, sans-serif",
      "font-size": "12",
    },
    element("rect", { class: "f-sheet", fill: "#ffffff", width, height }),
    ...children,
  );
}
