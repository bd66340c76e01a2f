/** The posterior of sigma8 and omegaM as contours, with lines of constant S8. */
import { createPanel, drawPanel } from "../chart.ts";
import { drawContours } from "../contours.ts";
import type { Figure } from "../figure.ts";
import { drawLegend } from "../legend.ts";
import { drawLine, drawSegment, type SeriesStyle } from "../marks.ts";
import { svgDocument } from "../svg.ts";

/** Points of a posterior, each with its weight. */
export interface SkyCloud {
  /** Density of matter, omegaM, at each point. */
  readonly omegaM: Float64Array;
  /** Amplitude of fluctuations, sigma8, at each point. */
  readonly sigma8: Float64Array;
  /** Weights of the points, with unit sum. */
  readonly weights: Float64Array;
}

const SHARES = [0.68, 0.95] as const;

const STYLES: readonly SeriesStyle[] = [
  { color: "blue", width: 2.4 },
  { color: "sky", width: 2 },
];

const OTHERS: readonly SeriesStyle[] = [
  { color: "purple", width: 2.2, dash: "dashed" },
  { color: "lime", width: 1.8, dash: "dashed" },
];

const DEGENERACY: SeriesStyle = { color: "muted", width: 1.2, dash: "dotted" };

/** Ranges of the axes: the prior's box of omegaM, and sigma8 within it. */
const OMEGA_M = [0.1, 0.62] as const;
const SIGMA8 = [0.4, 1.25] as const;

/**
 * Draws contours that hold 68% and 95%, and the line of the mean S8.
 *
 * @param cloud The likelihood's posterior
 * @param network The network's posterior, for comparison
 */
export function drawSkyPosterior(cloud: SkyCloud, network?: SkyCloud): Figure {
  const { omegaM, sigma8, weights } = cloud;
  const panel = createPanel(
    "sky-posterior",
    { x: 70, y: 20, width: 420, height: 330 },
    { label: "Ω_m", domain: OMEGA_M },
    { label: "σ_8", domain: SIGMA8 },
  );
  const S8 = weights.reduce(
    (sum, weight, i) => sum + weight * sigma8[i]! * Math.sqrt(omegaM[i]! / 0.3),
    0,
  );
  const line = Array.from({ length: 53 }, (_, i) => {
    const x = OMEGA_M[0] + 0.01 * i;
    return [x, S8 * Math.sqrt(0.3 / x)] as const;
  });
  const trace = (of: SkyCloud, styles: readonly SeriesStyle[]) =>
    drawContours(of.omegaM, of.sigma8, of.weights, SHARES).flatMap(({ segments }, c) =>
      segments.map(([from, to]) => drawSegment(panel, from, to, styles[c]!))
    );
  const marks = [
    drawLine(panel, line, DEGENERACY),
    ...trace(cloud, STYLES),
    ...(network === undefined ? [] : trace(network, OTHERS)),
  ];
  const legend = [
    ...["68%", "95%"].map((label, c) => ({ label, style: STYLES[c]! })),
    ...(network === undefined
      ? []
      : ["network, 68%", "95%"].map((label, c) => ({ label, style: OTHERS[c]! }))),
    { label: `S_8 = ${S8.toFixed(3)}`, style: DEGENERACY },
  ];
  return {
    svg: svgDocument({ width: 510, height: 410 }, "Posterior of sigma8 and the density of matter", [
      drawPanel(panel, marks, { over: [drawLegend(panel, legend, "top right")] }),
    ]),
    columns: {
      posterior: { omega_m: omegaM, sigma8, weight: weights },
      ...(network === undefined ? {} : {
        network: {
          omega_m: network.omegaM,
          sigma8: network.sigma8,
          weight: network.weights,
        },
      }),
    },
  };
}
