/** Figs. 9 to 16: what the network has learned (section 5). */
import { isGap } from "../../interpretation/exact/gap.ts";
import { fitOptimalProxy } from "../../interpretation/mass_proxy.ts";
import type { ProxyFit } from "../../interpretation/faithfulness/proxy_score.ts";
import type { PixelLabel } from "../../interpretation/saliency.ts";
import { saliencyTrend } from "../../interpretation/saliency_trends.ts";
import { drawLeaveOneOut } from "../figures/leave_one_out.ts";
import type { DrawnProxy } from "../figures/mass_proxy.ts";
import { drawMassProxies } from "../figures/mass_proxy.ts";
import { drawSaliencyMaps } from "../figures/matrices.ts";
import { drawSaliencyComparison, drawSaliencyProfiles } from "../figures/saliency.ts";
import { drawSelfCalibration } from "../figures/self_calibration.ts";
import { drawTerseLayer, TERSE_PANELS } from "../figures/terse_layer.ts";
import { drawTransitionProxies } from "../figures/transition.ts";
import type { ReportData } from "../report_data.ts";
import type { Comparison, FigureEntry } from "./entry.ts";
import { showNumber, showPercent, whereGiven } from "./entry.ts";
import {
  remarkLeaveOneOut,
  remarkProxies,
  remarkSaliency,
  remarkWithoutLensing,
} from "./remarks.ts";

/** Figs. 9 to 16. */
export const INTERPRETATION_FIGURES: readonly FigureEntry[] = [
  {
    number: 9,
    section: "5.1",
    title: "Leave one out",
    caption:
      "Left: how the prediction changes when one cluster is taken from its catalog, by its mass. " +
      "Right: cumulative distributions for clusters above benchmark masses. Mass bins and " +
      "benchmarks with too few clusters are left out.",
    needs: "interpretation of the trained network",
    draw: (data) => whereGiven(data.interpretation, (i) => drawLeaveOneOut(i.leaveOneOut)),
    compare: (data) =>
      whereGiven(data.interpretation, ({ leaveOneOut }) => [
        {
          quantity: "68% of |Δσ_8| below",
          paper: "0.003",
          ours: showNumber(leaveOneOut.halfWidth, 4),
        },
        {
          quantity: "all clusters: share that lowers σ_8",
          paper: "slightly more than even",
          ours: showNumber(leaveOneOut.distributions[0]?.lowered, 3),
        },
        {
          quantity: `above 10^{${leaveOneOut.distributions.at(-1)?.above ?? "−"}}: share`,
          paper: "almost always",
          ours: leaveOneOut.distributions.length > 1
            ? showNumber(leaveOneOut.distributions.at(-1)?.lowered, 3)
            : "too few clusters",
        },
      ]) ?? [],
    remark: remarkLeaveOneOut,
  },
  {
    number: 10,
    section: "5.2",
    title: "Saliency maps",
    caption: "How much each normalized pixel moves its cluster's terse value, for some of the " +
      "test catalogs. Pale pixels matter; dark ones do not.",
    needs: "interpretation of the trained network",
    draw: (data) =>
      whereGiven(
        data.interpretation,
        ({ saliency }) =>
          saliency.maps.length === 0
            ? null
            : drawSaliencyMaps(saliency.maps.slice(0, SHOWN_MAPS), saliency.pixels),
      ),
  },
  {
    number: 11,
    section: "5.2",
    title: "Saliency against radius",
    caption: "Median saliency of the gas mass in shells (left) and of the gas density slope " +
      "(right), one curve per mass bin. The terse value has no unit: compare shapes, not heights.",
    needs: "interpretation of the trained network",
    draw: (data) => whereGiven(data.interpretation, (i) => drawSaliencyProfiles(i.saliency)),
    compare: compareSaliencies,
    remark: remarkSaliency,
  },
  {
    number: 12,
    section: "5.2.1",
    title: "Saliency without weak lensing",
    caption: "Left: median gas mass saliency of the network that sees no weak lensing masses. " +
      "Right: mean saliency against mass with (teal) and without (purple) them, with the middle " +
      "68%, the masses at which catalogs turn volume-limited, and their median masses.",
    needs: "a network trained without weak lensing masses",
    draw: (data) =>
      whereGiven(data.noWeakLensing, ({ saliency, masses }) =>
        drawSaliencyComparison({
          standard: data.interpretation?.saliency ?? null,
          noWeakLensing: saliency,
          masses,
        })),
    compare: (data) =>
      whereGiven(data.noWeakLensing, ({ saliency }) => [{
        quantity: "log mass of the largest saliency",
        paper: "14.2 to 14.4",
        ours: showNumber(saliencyTrend(saliency, "logGasMassProfile")?.peakLogMass, 2),
      }]) ?? [],
    remark: remarkWithoutLensing,
  },
  {
    number: 13,
    section: "5.2.1",
    title: "Y_X and L_X at the transition",
    caption: "Average distributions of Y_X (top) and L_X (bottom) for the catalogs with the " +
      "lowest and the highest transition mass, with their medians (arrows). In the paper the median " +
      "stands for the transition; the table says how far it does here.",
    needs: "mock catalogs",
    draw: (data) => whereGiven(data.transitions, drawTransitionProxies),
    compare: (data) =>
      whereGiven(data.transitions, ({ medianYxCorrelation, medianLuminosityCorrelation }) => [
        {
          quantity: "r(median log Y_X, transition)",
          paper: "no number",
          ours: showNumber(medianYxCorrelation, 3),
        },
        {
          quantity: "r(median log L_X, transition)",
          paper: "no number",
          ours: showNumber(medianLuminosityCorrelation, 3),
        },
      ]) ?? [],
  },
  {
    number: 14,
    section: "5.2.1",
    title: "Self-calibration",
    caption:
      "Mean σ_8 of the catalogs in each bin of cluster count and median Y_X; bins with too " +
      "few catalogs are empty. Above: σ_8 of the catalogs in the two outlined bins.",
    needs: "mock catalogs",
    draw: (data) => whereGiven(data.selfCalibration, drawSelfCalibration),
    compare: (data) =>
      whereGiven(data.selfCalibration, ({ scatter, priorScatter }) => [
        { quantity: "scatter of σ_8 in a bin", paper: "about 0.03", ours: showNumber(scatter, 4) },
        {
          quantity: "scatter before binning",
          paper: "no number",
          ours: showNumber(priorScatter, 4),
        },
      ]) ?? [],
  },
  {
    number: 15,
    section: "5.3",
    title: "The terse layer",
    caption:
      "Clusters of the test catalogs in the planes of the terse value and mass, weak lensing mass, " +
      "gas mass, temperature, cluster count and σ_8. A single cluster must not know the last two " +
      "beyond what its mass tells.",
    needs: "interpretation of the trained network",
    draw: (data) =>
      whereGiven(
        data.interpretation,
        ({ terseTable }) => drawTerseLayer("figure-15", terseTable, TERSE_PANELS),
      ),
    compare: (data) =>
      whereGiven(data.interpretation, ({ terseLayer }) => [
        {
          quantity: "r(terse, log M_{500})",
          paper: "correlated, no number",
          ours: showNumber(terseLayer.correlations.logMass, 3),
        },
        {
          quantity: "r(terse, σ_8)",
          paper: "none discernible",
          ours: showNumber(terseLayer.correlations.sigma8, 3),
        },
        {
          quantity: "r(log M_{500}, σ_8)",
          paper: "no number",
          ours: showNumber(terseLayer.massSigma8, 3),
        },
        {
          quantity: "r(terse, σ_8) at fixed mass",
          paper: "no number",
          ours: terseLayer.partial === null
            ? "not defined"
            : `${showNumber(terseLayer.partial.correlation, 3)} ± ${
              showNumber(terseLayer.partial.error, 3)
            }`,
        },
      ]) ?? [],
  },
  {
    number: 16,
    section: "5.3",
    title: "Mass proxies",
    caption: "Errors of straight lines from the terse value, gas mass and Y_X to log mass, each " +
      "catalog's mean error removed. The widest line is the best combination of temperature and gas " +
      "mass. Percentages are half the middle 68%.",
    needs: "interpretation of the trained network",
    draw: (data) =>
      whereGiven(
        data.interpretation,
        (i) => drawMassProxies([...optimalProxy(data), ...i.terseLayer.proxies]),
      ),
    compare: (data) => [
      ...whereGiven(
        data.interpretation,
        ({ terseLayer: { proxies } }) =>
          PROXY_NUMBERS.map(([proxy, quantity, paper]) => ({
            quantity,
            paper,
            ours: showPercent(proxies.find((fit) => fit.proxy === proxy)?.scatterPercent),
          })),
      ) ?? [],
      ...compareWithOptimum(data),
    ],
    remark: remarkProxies,
  },
];

/** Most maps side by side in Fig. 10; the linked views have all that were kept. */
const SHOWN_MAPS = 4;

/** The scatters of Fig. 16, with the paper's numbers. */
const PROXY_NUMBERS = [
  ["terse", "scatter of terse", "16.1%"],
  ["logGasMass", "scatter of M_{gas}", "17.9%"],
  ["logYx", "scatter of Y_X", "7.3%"],
] as const;

/** Averages of section 5.2: column, name, and the paper's number. */
const SALIENCIES: readonly (readonly [PixelLabel["column"], string, string])[] = [
  ["logTemperature", "mean saliency of T", "0.391 (+0.014, −0.008)"],
  ["logGasMassProfile", "mean saliency of M_{gas} near 0.6 R_{500}", "0.217 (+0.034, −0.066)"],
  ["gasSlopeProfile", "mean saliency of the slope near 0.6 R_{500}", "0.119 (+0.019, −0.053)"],
];

function compareSaliencies({ interpretation }: ReportData): Comparison[] {
  if (!interpretation) return [];
  const { saliency } = interpretation;
  return SALIENCIES.map(([column, quantity, paper]) => {
    const radius = saliencyTrend(saliency, column)?.radius;
    const pixel = saliency.pixels.find((p) => p.column === column && p.radius === radius);
    const ours = pixel === undefined
      ? "not an input"
      : `${showNumber(pixel.mean, 3)} (68%: ${showNumber(pixel.low, 3)} to ${
        showNumber(pixel.high, 3)
      })`;
    return { quantity, paper, ours };
  });
}

/** The curve under the others: the least scatter that T and Mgas allow, where it is known. */
function optimalProxy({ interpretation, faithfulness }: ReportData): DrawnProxy[] {
  const optimal = faithfulness?.details.optimal;
  if (!interpretation || !optimal || isGap(optimal)) return [];
  const fit = fitOptimalProxy(interpretation.terseTable, optimal.weights);
  return fit === null ? [] : [fit];
}

/** Fig. 16's proxies next to the best combination of T and M_gas, by one line and within catalogs. */
function compareWithOptimum({ faithfulness }: ReportData): Comparison[] {
  const fits = faithfulness?.details.proxies;
  if (!fits || isGap(fits)) return [];
  const rows: readonly (readonly [string, ProxyFit | undefined])[] = [
    ["the best T^a M_{gas}", fits.optimal],
    ["terse", fits.terse],
    ["Y_X", fits.logYx],
    ["M_{gas}", fits.logGasMass],
  ];
  return rows.map(([name, fit]) => ({
    quantity: `${name}: by one line; by a slope within catalogs`,
    paper: "no number",
    ours: `${showPercent(fit?.line)}; ${showPercent(fit?.withinCatalogs)}`,
  }));
}
