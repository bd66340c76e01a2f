/**
 * The figures of an answer: the posterior, the terse values against the mocks', and the effect of
 * each cluster.
 */
/// <reference lib="dom" />
import type { CatalogDetails, ClusterPoints } from "../protocol.ts";
import { draw, drawDots, drawLine, makeFrame, rangeOf } from "./figure.ts";
import { show, showChange, wordsFor } from "./words.ts";

/** The posterior of sigma8, with its central 68% shaded. */
export function drawPosterior(
  posterior: NonNullable<CatalogDetails["posterior"]>,
  quantiles: readonly number[],
): SVGElement {
  const { sigma8, density } = posterior;
  const [, low, middle, high] = quantiles;
  const frame = makeFrame({
    x: { min: sigma8[0]!, max: sigma8.at(-1)! },
    y: { min: 0, max: 1.06 * Math.max(...density) },
    xLabel: "\u03c38",
    yLabel: "probability density",
    description: `Posterior of sigma8: half of it is below ${show(middle!)}, its central 68% ` +
      `is ${show(low!)} to ${show(high!)}`,
  });
  const points = Array.from(sigma8, (x, i) => [x, density[i]!] as const);
  const inside = points.filter(([x]) => x >= low! && x <= high!);
  if (inside.length > 1) {
    const [first, last] = [inside[0]!, inside.at(-1)!];
    drawLine(frame, [[first[0], 0], ...inside, [last[0], 0]], "area");
  }
  drawLine(frame, points, "curve");
  return frame.svg;
}

/** Number of bars of a distribution. */
const BARS = 24;

/** The distribution of the catalog's terse values over that of the mocks. */
export function drawTerse(terse: Float64Array, mocks: Float64Array): SVGElement {
  const x = rangeOf([...mocks, ...terse]);
  const [ours, theirs] = [shares(terse, x), shares(mocks, x)];
  const step = (x.max - x.min) / BARS;
  const frame = makeFrame({
    x,
    y: { min: 0, max: 1.06 * Math.max(...ours, ...theirs) },
    xLabel: "terse value, in spreads from the mocks\u2019 mean",
    yLabel: "share of the clusters",
    description: `Terse values of the catalog, ${describe(terse)}, and of the mocks' clusters, ` +
      describe(mocks),
  });
  ours.forEach((share, i) => {
    if (share === 0) return;
    const left = frame.x(x.min + i * step);
    const width = frame.x(x.min + (i + 1) * step) - left;
    const [top, bottom] = [frame.y(share), frame.y(0)];
    frame.svg.append(
      draw("rect", { class: "bar", x: left, y: top, width, height: bottom - top }),
    );
  });
  const outline = theirs.flatMap((share, i): [number, number][] => [
    [x.min + i * step, share],
    [x.min + (i + 1) * step, share],
  ]);
  drawLine(frame, [[x.min, 0], ...outline, [x.max, 0]], "mocks");
  return frame.svg;
}

function shares(values: Float64Array, { min, max }: { min: number; max: number }): number[] {
  const counts = new Array<number>(BARS).fill(0);
  for (const value of values) {
    counts[Math.min(BARS - 1, Math.floor(BARS * (value - min) / (max - min)))]!++;
  }
  return counts.map((count) => count / values.length);
}

function describe(values: Float64Array): string {
  const sorted = values.toSorted();
  return `${show(sorted[0]!)} to ${show(sorted.at(-1)!)} with the middle at ` +
    show(sorted[Math.floor(sorted.length / 2)]!);
}

/** Terse values against an observable. */
export function drawRelation(points: ClusterPoints, observable: string): SVGElement {
  const x = points.observables[observable]!;
  const { label, unit } = wordsFor(observable);
  const frame = makeFrame({
    x: rangeOf(x),
    y: rangeOf(points.terse),
    xLabel: `${label}, ${unit}`,
    yLabel: "terse value, in spreads",
    description: `Terse value of each cluster against ${label.toLowerCase()}`,
  });
  const name = nameOf(points);
  drawDots(
    frame,
    x,
    points.terse,
    (i) => `${name(i)}: ${show(x[i]!)}, terse value ${show(points.terse[i]!)}`,
  );
  return frame.svg;
}

/** The change of sigma8 when each cluster is left out, against an observable. */
export function drawChanges(points: ClusterPoints, observable: string): SVGElement {
  const x = points.observables[observable]!;
  const { label, unit } = wordsFor(observable);
  const frame = makeFrame({
    x: rangeOf(x),
    y: rangeOf([0, ...points.change]),
    xLabel: `${label}, ${unit}`,
    yLabel: "change of \u03c38 without it",
    description: `Change of sigma8 when a cluster is left out, against its ${label.toLowerCase()}`,
  });
  const { min, max } = rangeOf(x);
  drawLine(frame, [[min, 0], [max, 0]], "zero");
  const name = nameOf(points);
  drawDots(
    frame,
    x,
    points.change,
    (i) => `${name(i)}: ${show(x[i]!)}, change ${showChange(points.change[i]!)}`,
  );
  return frame.svg;
}

/** A cluster's row and name. */
export function nameOf({ rows, labels }: ClusterPoints): (i: number) => string {
  return (i) => labels.length === 0 ? `row ${rows[i]}` : `${labels[i]} (row ${rows[i]})`;
}
