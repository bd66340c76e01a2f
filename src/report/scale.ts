/** Axes as data: a domain, linear or logarithmic, its ticks and their labels. */
// @ts-types="@types/d3-scale"
import { scaleLinear, scaleLog } from "d3-scale";

/** Least and largest value that an axis shows. */
export type Domain = readonly [number, number];

/** A labeled axis. */
export interface Axis {
  /** Quantity and unit, with `_{}` and `^{}` for sub- and superscripts. */
  readonly label: string;
  /** Range of the axis; above 0 if it is logarithmic. */
  readonly domain: Domain;
  /** Kind of scale; "linear" if left out. */
  readonly kind?: "linear" | "log";
  /** Approximate number of ticks; 6 if left out. */
  readonly ticks?: number;
  /** Values of the ticks, if round numbers are not suitable. */
  readonly tickValues?: readonly number[];
}

/** A tick and its label; a label is empty for a tick between the powers of ten. */
export interface Tick {
  /** The value at the tick. */
  readonly value: number;
  /** Text of the label; "" for a tick between powers of ten. */
  readonly label: string;
}

/** A map from values to pixels, from `from` to `to`. */
export function mapAxis(axis: Axis, from: number, to: number): (value: number) => number {
  const scale = axis.kind === "log" ? scaleLog() : scaleLinear();
  return scale.domain([...axis.domain]).range([from, to]);
}

const TICKS = 6;

/** The ticks of an axis within its domain. */
export function ticksOf(axis: Axis): Tick[] {
  const { domain, kind = "linear", ticks = TICKS, tickValues } = axis;
  if (tickValues) return tickValues.map((value) => ({ value, label: formatNumber(value) }));
  if (kind === "log") return logTicks(domain);
  const scale = scaleLinear().domain([...domain]);
  const format = scale.tickFormat(ticks);
  return scale.ticks(ticks).map((value) => ({ value, label: minusSign(format(value)) }));
}

/** Powers of ten with a label; between them 2 to 9 with none, or 1, 2, 5 if there are few powers. */
function logTicks([low, high]: Domain): Tick[] {
  const decades = Math.log10(high / low);
  return scaleLog().domain([low, high]).ticks(10).map((value) => {
    const leading = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    const labelled = leading === 1 || (decades < 2.2 && (leading === 2 || leading === 5));
    return { value, label: labelled ? powerLabel(value) : "" };
  });
}

function powerLabel(value: number): string {
  const power = Math.round(Math.log10(value));
  const isPower = Math.abs(Math.log10(value) - power) < 1e-9;
  return isPower && Math.abs(power) > 2 ? `10^{${minusSign(String(power))}}` : formatNumber(value);
}

/** A number in up to four significant digits, with a true minus sign. */
export function formatNumber(value: number, digits = 4): string {
  return minusSign(String(Number(value.toPrecision(digits))));
}

/** The text with a true minus sign for "-", which is too short next to digits. */
export function minusSign(text: string): string {
  return text.replace(/^-/, "\u2212");
}

/** Domain of an axis without data. */
const EMPTY: Domain = [0, 1];

/** Least and largest of all finite values, or `null` if there is none. */
export function extentOf(...columns: readonly ArrayLike<number>[]): Domain | null {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : null;
}

/**
 * A domain that holds all finite values with a margin, from 0 to 1 if there is none.
 *
 * @param margin Margin on both sides, as a share of the range
 */
export function domainOf(columns: readonly ArrayLike<number>[], margin = 0.04): Domain {
  const extent = extentOf(...columns);
  if (extent === null) return EMPTY;
  const [low, high] = extent;
  const range = high > low ? high - low : Math.abs(low) || 1;
  return [low - margin * range, high + margin * range];
}

/** A domain from 0 to a margin above the largest finite value. */
export function domainFromZero(columns: readonly ArrayLike<number>[], margin = 0.08): Domain {
  const extent = extentOf(...columns);
  return extent === null || !(extent[1] > 0) ? EMPTY : [0, extent[1] * (1 + margin)];
}
