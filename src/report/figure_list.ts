/**
 * The paper's 21 figures: where each stands, what it shows in our words, how it is drawn from a
 * {@linkcode ReportData}, and the paper's numbers beside ours.
 *
 * @module
 */
import type { PixelLabel } from "../interpretation/saliency.ts";
import { saliencyTrend } from "../interpretation/saliency_trends.ts";
import type { Figure } from "./figure.ts";
import { drawAbundance } from "./figures/abundance.ts";
import { drawArchitecture } from "./figures/architecture.ts";
import { drawAutoencoder } from "./figures/autoencoder.ts";
import { drawDensityProfiles } from "./figures/density_profiles.ts";
import { drawLeaveOneOut } from "./figures/leave_one_out.ts";
import { drawMassProxies } from "./figures/mass_proxy.ts";
import { drawInputMatrices, drawSaliencyMaps } from "./figures/matrices.ts";
import { drawNeighborOffset } from "./figures/neighbor_offset.ts";
import { drawPredictions } from "./figures/predictions.ts";
import { drawSaliencyComparison, drawSaliencyProfiles } from "./figures/saliency.ts";
import { drawSelfCalibration, drawSurveyCalibrations } from "./figures/self_calibration.ts";
import { drawTerseLayer, OVERSPECIALIZED_PANELS, TERSE_PANELS } from "./figures/terse_layer.ts";
import { drawTrainingHistory, selectedEpoch } from "./figures/training_history.ts";
import { drawTransitionProxies } from "./figures/transition.ts";
import { formatScatter } from "./paper_tables.ts";
import type { ReportData } from "./report_data.ts";
import { formatNumber, minusSign } from "./scale.ts";

/** A number of the paper beside ours. */
export interface Comparison {
  /** What it is. */
  readonly quantity: string;
  /** As the paper prints it; "no number" where it has none. */
  readonly paper: string;
  /** In this run; "not defined" where the catalogs cannot tell. */
  readonly ours: string;
}

/** One figure of the paper. */
export interface FigureEntry {
  /** 1 to 21. */
  readonly number: number;
  /** Section or appendix. */
  readonly section: string;
  /** A few words. */
  readonly title: string;
  /** What is seen, in our words. */
  readonly caption: string;
  /** What has to be computed first, for a figure that is not there. */
  readonly needs: string;
  /** The figure; `null` if the data do not have it. */
  draw(data: ReportData): Figure | null;
  /** Numbers beside the paper's; none where the paper has none. */
  compare?(data: ReportData): readonly Comparison[];
}

/** Applies a function to what is there. */
function whereGiven<T, R>(value: T | null | undefined, use: (value: T) => R): R | null {
  return value === undefined || value === null ? null : use(value);
}

const show = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? "not defined" : minusSign(value.toFixed(digits));

const percentOf = (value: number | undefined): string =>
  value === undefined ? "not defined" : `${value.toFixed(1)}%`;

/** All figures in the paper's order. */
export const FIGURES: readonly FigureEntry[] = [
  {
    number: 1,
    section: "2.1",
    title: "Cluster abundance and selection",
    caption:
      "Clusters per mass bin in the whole simulation volume (purple) and as surveys of half of it " +
      "select them. Above the break σ_8 sets the number; below it, the flux limit, which moves " +
      "with the normalization b_L of the mass–luminosity relation.",
    needs: "expected counts of the survey",
    draw: (data) =>
      whereGiven(
        data.abundance,
        ({ panel, binWidth }) => drawAbundance("figure-1", [panel], binWidth),
      ),
  },
  {
    number: 2,
    section: "2.1.2",
    title: "Density-squared profiles",
    caption:
      "Mock X-ray observations of a flat, a peaked and a cool core: squared gas density with " +
      "Poisson error bars, and the density model fitted to the counts.",
    needs: "mock X-ray observations",
    draw: (data) => whereGiven(data.densityProfiles, drawDensityProfiles),
  },
  {
    number: 3,
    section: "2.2.2",
    title: "Offsets borrowed from a neighbor",
    caption:
      "A mock cluster (star) takes the offset of a base cluster of similar mass. Top: the offset " +
      "is carried along the base relation (1). Bottom: it is scaled and carried on to the " +
      "catalog's own relation (2).",
    needs: "the base sample",
    draw: (data) =>
      whereGiven(
        data.offsets,
        ({ examples, observable }) => drawNeighborOffset(examples, observable),
      ),
  },
  {
    number: 4,
    section: "2.2.2",
    title: "An autoencoder",
    caption:
      "The idea behind the terse layer: a signal is narrowed to a few values, from which a " +
      "decoder rebuilds an approximation. A drawing, without data.",
    needs: "nothing",
    draw: () => drawAutoencoder(),
  },
  {
    number: 5,
    section: "3.1",
    title: "The network of this run",
    caption:
      "Drawn from the architecture's record. Every cluster passes the encoder alone (opaque row); " +
      "at the terse layer it is one number, which the supplementary columns join before the " +
      "convolutions over all clusters.",
    needs: "the experiment's architecture",
    draw: (data) =>
      whereGiven(
        data.network,
        ({ architecture, inputs }) => drawArchitecture(architecture, inputs),
      ),
    compare: (data) =>
      whereGiven(data.network, ({ parameters }) => [{
        quantity: "trainable parameters",
        paper: "10472834",
        ours: String(parameters),
      }]) ?? [],
  },
  {
    number: 6,
    section: "3.2",
    title: "Encoder inputs",
    caption:
      "Sample catalogs as the encoder sees them: a row a cluster, the most luminous at the " +
      "bottom, a column a pixel. Heights differ because numbers of clusters do.",
    needs: "mock catalogs",
    draw: (data) =>
      whereGiven(data.inputs, ({ matrices, pixels }) => drawInputMatrices(matrices, pixels)),
  },
  {
    number: 7,
    section: "3.3",
    title: "Training",
    caption: "Mean squared error of scaled σ_8 on the training set, with dropout on, and on the " +
      "validation set after each epoch. The star is the epoch whose weights are used.",
    needs: "a training run",
    draw: (data) => whereGiven(data.history, (history) => drawTrainingHistory(history)),
    compare: (data) =>
      whereGiven(data.history, (history) => [{
        quantity: "selected epoch",
        paper: "3688 of 5000",
        ours: `${selectedEpoch(history)?.epoch ?? "none"} of ${history.length}`,
      }]) ?? [],
  },
  {
    number: 8,
    section: "4.1",
    title: "Predicted and true σ_8",
    caption: "Test catalogs (small dots), and medians with the middle 68% in bins of true σ_8. " +
      "Toward the ends of the prior a regression leans to the mean.",
    needs: "predictions for the test catalogs",
    draw: (data) => whereGiven(data.predictions, (p) => drawPredictions("figure-8", p)),
    compare: (data) =>
      whereGiven(data.predictions, ({ errors }) => [{
        quantity: "scatter Δσ_8",
        paper: "0.0212 ± 0.0009",
        ours: formatScatter(errors),
      }]) ?? [],
  },
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
          ours: show(leaveOneOut.halfWidth, 4),
        },
        {
          quantity: "all clusters: share that lowers σ_8",
          paper: "slightly more than even",
          ours: show(leaveOneOut.distributions[0]?.lowered, 3),
        },
        {
          quantity: `above 10^{${leaveOneOut.distributions.at(-1)?.above ?? "−"}}: share`,
          paper: "almost always",
          ours: leaveOneOut.distributions.length > 1
            ? show(leaveOneOut.distributions.at(-1)?.lowered, 3)
            : "too few clusters",
        },
      ]) ?? [],
  },
  {
    number: 10,
    section: "5.2",
    title: "Saliency maps",
    caption: "How much each normalized pixel moves its cluster's terse value, for the first " +
      "catalogs. Pale pixels matter; dark ones do not.",
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
      "(right), a curve a mass bin. The terse value has no unit: compare shapes, not heights.",
    needs: "interpretation of the trained network",
    draw: (data) => whereGiven(data.interpretation, (i) => drawSaliencyProfiles(i.saliency)),
    compare: compareSaliencies,
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
        ours: show(saliencyTrend(saliency, "logGasMassProfile")?.peakLogMass, 2),
      }]) ?? [],
  },
  {
    number: 13,
    section: "5.2.1",
    title: "Y_X and L_X at the transition",
    caption: "Average distributions of Y_X (top) and L_X (bottom) for the catalogs with the " +
      "lowest and the highest transition mass. The medians (arrows) follow the transition.",
    needs: "mock catalogs",
    draw: (data) => whereGiven(data.transitions, drawTransitionProxies),
    compare: (data) =>
      whereGiven(data.transitions, ({ medianYxCorrelation, medianLuminosityCorrelation }) => [
        {
          quantity: "r(median log Y_X, transition)",
          paper: "no number",
          ours: show(medianYxCorrelation, 3),
        },
        {
          quantity: "r(median log L_X, transition)",
          paper: "no number",
          ours: show(medianLuminosityCorrelation, 3),
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
        { quantity: "scatter of σ_8 in a bin", paper: "about 0.03", ours: show(scatter, 4) },
        {
          quantity: "scatter before binning",
          paper: "no number",
          ours: show(priorScatter, 4),
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
          ours: show(terseLayer.correlations.logMass, 3),
        },
        {
          quantity: "r(terse, σ_8)",
          paper: "none discernible",
          ours: show(terseLayer.correlations.sigma8, 3),
        },
        {
          quantity: "r(log M_{500}, σ_8)",
          paper: "no number",
          ours: show(terseLayer.massSigma8, 3),
        },
        {
          quantity: "r(terse, σ_8) at fixed mass",
          paper: "no number",
          ours: terseLayer.partial === null
            ? "not defined"
            : `${show(terseLayer.partial.correlation, 3)} ± ${show(terseLayer.partial.error, 3)}`,
        },
      ]) ?? [],
  },
  {
    number: 16,
    section: "5.3",
    title: "Mass proxies",
    caption: "Errors of straight lines from the terse value, gas mass and Y_X to log mass, each " +
      "catalog's mean error removed. Percentages are half the middle 68%.",
    needs: "interpretation of the trained network",
    draw: (data) => whereGiven(data.interpretation, (i) => drawMassProxies(i.terseLayer.proxies)),
    compare: (data) =>
      whereGiven(
        data.interpretation,
        ({ terseLayer: { proxies } }) =>
          PROXY_NUMBERS.map(([proxy, quantity, paper]) => ({
            quantity,
            paper,
            ours: percentOf(proxies.find((fit) => fit.proxy === proxy)?.scatterPercent),
          })),
      ) ?? [],
  },
  {
    number: 17,
    section: "A",
    title: "Smoothed abundance in other volumes",
    caption: "As Fig. 1 with a smooth transition from flux- to volume-limited, for 30% (top) and " +
      "80% (bottom) of the simulation volume.",
    needs: "expected counts of the smaller and the larger survey",
    draw: (data) =>
      whereGiven(
        data.surveyAbundance,
        ({ panels, binWidth }) => drawAbundance("figure-17", panels, binWidth),
      ),
  },
  {
    number: 18,
    section: "A",
    title: "Self-calibration in other volumes",
    caption:
      "As Fig. 14 for the smaller (left) and the larger survey (right): mean σ_8 (top) and " +
      "its scatter in each bin (bottom). The planes differ, so a survey has to be modeled first.",
    needs: "mock catalogs of the smaller and the larger survey",
    draw: (data) => whereGiven(data.surveyCalibrations, drawSurveyCalibrations),
    compare: (data) =>
      whereGiven(data.surveyCalibrations, (surveys) =>
        surveys.map(({ title, calibration }) => ({
          quantity: `scatter of σ_8 in a bin, ${title}`,
          paper: "about 0.03",
          ours: show(calibration.scatter, 4),
        }))) ?? [],
  },
  {
    number: 19,
    section: "B",
    title: "Overspecialized predictions",
    caption: "A network trained on mocks whose observables are shifted by a fixed rule in σ_8. " +
      "The predictions look far too good, and are not to be trusted.",
    needs: "the overspecialized experiment",
    draw: (data) =>
      whereGiven(data.overspecialized?.predictions, (p) => drawPredictions("figure-19", p)),
    compare: (data) =>
      whereGiven(data.overspecialized?.predictions, ({ errors }) => [
        { quantity: "scatter Δσ_8", paper: "0.0016", ours: formatScatter(errors) },
        {
          quantity: "Standard's scatter over this",
          paper: "about 10",
          ours: data.predictions
            ? formatNumber(data.predictions.errors.scatter / errors.scatter, 3)
            : "not computed in this run",
        },
      ]) ?? [],
  },
  {
    number: 20,
    section: "B",
    title: "Overspecialized training",
    caption: "Training and validation errors fall together: overspecialization is not " +
      "overfitting, and this figure cannot show it.",
    needs: "the overspecialized experiment",
    draw: (data) =>
      whereGiven(data.overspecialized?.history, (history) => {
        const best = data.history && selectedEpoch(data.history);
        return drawTrainingHistory(history, {
          name: "figure-20",
          ...(best
            ? {
              reference: {
                label: "best of this report's Fig. 7",
                validationMse: best.validationMse,
              },
            }
            : {}),
        });
      }),
  },
  {
    number: 21,
    section: "B",
    title: "Overspecialized terse layer",
    caption:
      "The terse value of the overspecialized network against mass (left) and σ_8 (right): " +
      "a single cluster tells what only a population should.",
    needs: "the overspecialized experiment",
    draw: (data) =>
      whereGiven(
        data.overspecialized?.terseTable,
        (table) => drawTerseLayer("figure-21", table, OVERSPECIALIZED_PANELS),
      ),
    compare: (data) =>
      whereGiven(data.overspecialized?.verdict, ({ numbers }) => [
        {
          quantity: "r(terse, log M_{500})",
          paper: "virtually none",
          ours: show(numbers.logMass, 3),
        },
        { quantity: "r(terse, σ_8)", paper: "strong", ours: show(numbers.sigma8, 3) },
        {
          quantity: "variance of σ_8 explained by one terse value",
          paper: "no number",
          ours: percentOf(100 * numbers.explained),
        },
      ]) ?? [],
  },
];

/** Maps side by side in Fig. 10; the linked views have all that were kept. */
const SHOWN_MAPS = 4;

/** Fig. 16's scatters. */
const PROXY_NUMBERS = [
  ["terse", "scatter of terse", "16.1%"],
  ["logGasMass", "scatter of M_{gas}", "17.9%"],
  ["logYx", "scatter of Y_X", "7.3%"],
] as const;

/** Section 5.2's averages: column, name, and the paper's number. */
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
      : `${show(pixel.mean, 3)} (68%: ${show(pixel.low, 3)} to ${show(pixel.high, 3)})`;
    return { quantity, paper, ours };
  });
}
