/**
 * Colors of figures: series that differ in lightness and dash as well as in hue, in a tone for
 * light and one for dark pages, and color scales that are uniform for color-blind readers.
 */
// @ts-types="@types/d3-scale-chromatic"
import { interpolateBlues, interpolateViridis } from "d3-scale-chromatic";
import type { Attributes } from "./svg.ts";

/** Colors of lines, points, areas and text. */
export type ColorName =
  | "ink"
  | "muted"
  | "grid"
  | "sheet"
  | "purple"
  | "navy"
  | "blue"
  | "sky"
  | "teal"
  | "lime"
  | "yellow";

/**
 * Each color on light and on dark pages. Figures carry the light ones as attributes, so that a
 * saved file needs no style; the page overrides them by class.
 */
export const COLORS: Readonly<
  Record<ColorName, { readonly light: string; readonly dark: string }>
> = {
  ink: { light: "#1d2129", dark: "#e6e9ee" },
  muted: { light: "#5c6470", dark: "#a3acb9" },
  grid: { light: "#d5dae1", dark: "#3a424e" },
  sheet: { light: "#ffffff", dark: "#161b22" },
  purple: { light: "#5b2a86", dark: "#bb9af7" },
  navy: { light: "#23306b", dark: "#9db2ff" },
  blue: { light: "#2b6ca3", dark: "#6db3f2" },
  sky: { light: "#8fc1e3", dark: "#3f6f99" },
  teal: { light: "#16857c", dark: "#3fd0c0" },
  lime: { light: "#6b9a0f", dark: "#b5e048" },
  yellow: { light: "#c07f00", dark: "#ffc94d" },
};

/** Attributes that draw a stroke in a color. */
export function stroke(color: ColorName, width = 1.6): Attributes {
  return { class: `s-${color}`, stroke: COLORS[color].light, "stroke-width": width, fill: "none" };
}

/** Attributes that fill in a color. */
export function fill(color: ColorName, opacity = 1): Attributes {
  return {
    class: `f-${color}`,
    fill: COLORS[color].light,
    "fill-opacity": opacity === 1 ? undefined : opacity,
  };
}

/** Dash patterns by name; "solid" has none. */
export const DASHES = {
  solid: undefined,
  dashed: "7 4",
  dotted: "1.5 3",
  dashdot: "8 3 2 3",
} as const;

/** The names of {@linkcode DASHES}. */
export type Dash = keyof typeof DASHES;

/** Color scales by name: for counts and means, and for saliency (dark low, light high). */
export const RAMPS: Readonly<Record<"viridis" | "blues", (position: number) => string>> = {
  // The brightest yellow is invisible as a line on white paper.
  viridis: (position) => interpolateViridis(0.94 * position),
  // The palest tenth of the scheme cannot be distinguished from white paper.
  blues: (position) => interpolateBlues(1 - 0.9 * position),
};

/** The names of {@linkcode RAMPS}. */
export type RampName = "viridis" | "blues";

/** Steps of a color scale: cells of one step share a path, which keeps a heat map small. */
export const RAMP_STEPS = 48;

/** The color at a position from 0 to 1, in one of {@linkcode RAMP_STEPS} steps. */
export function rampColor(ramp: RampName, position: number): string {
  const step = Math.min(RAMP_STEPS - 1, Math.max(0, Math.floor(position * RAMP_STEPS)));
  return RAMPS[ramp](step / (RAMP_STEPS - 1));
}
