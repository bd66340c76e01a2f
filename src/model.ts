/**
 * The seam: all that the rest of the toolkit knows about a network. An {@linkcode Architecture}
 * (Table 3) and a {@linkcode Schedule} (section 3.3) are records; an {@linkcode Engine} turns them
 * into a {@linkcode Network} that can step; a trained one is seen from outside as a {@linkcode
 * Model}, in physical units.
 */
import type { ColumnName, FeatureArray } from "./features/features.ts";
import type { Batch, Batches } from "./features/dataset.ts";
import type { NormalizationKind } from "./features/normalization.ts";
import type { NamedArrays } from "./numerics/arrays.ts";

/** Slope of the leaky ReLU for negative inputs: Keras's default; the paper gives none. */
export const LEAKY_SLOPE = 0.3;

/** Rows that a convolution sees at once: Table 3's 4x1 filters. */
export const CONVOLUTION_ROWS = 4;

/** Zero rows before the first: Keras's "same" padding of an even kernel is one before, two after. */
export const CONVOLUTION_ROWS_BEFORE = 1;

/** Clusters of a typical catalog, by which a set regression scales numbers of clusters. */
export const MEAN_CLUSTERS = 80;

/**
 * Layer widths and kinds of the supervised encoder.
 *
 * The encoder is a dense network applied to each cluster's pixels; after the widths listed comes
 * the terse value, one number, which is linear. The supplementary columns join it, and one of two
 * regressions follows, then the output, which is linear. All layers have a bias, and leaky ReLU
 * follows every listed layer but those named here.
 *
 * "convolution" is Table 3's: 4x1 convolutions over the rows with 2x1 pooling between them, a global
 * pooling over clusters, and dense layers. The last layers of `encoder` and of `dense` are linear.
 * Pooling of an odd number of rows keeps the last row by itself, so any catalog of one cluster or
 * more is valid.
 *
 * "set" does not know the order of clusters. With u_i the terse and supplementary values of cluster
 * i, m their mean over the catalog of N clusters, n1 = N/80 - 1 and n2 = ln(N/80), each cluster has
 * the inputs u_i, u_i - m, sin and cos of `frequencies` times the terse value's deviation, and what
 * `context` makes of the catalog. The layers of `cluster` take them, and their mean over the catalog,
 * joined by n1, n2 and m, goes through those of `dense`. The last layer of `encoder` is linear.
 */
export interface Architecture {
  /** Widths of the encoder's hidden layers. */
  readonly encoder: readonly number[];
  /** Regression from terse and supplementary values to the output; "set" ignores the order. */
  readonly regression: "convolution" | "set";
  /** Filters of the 4x1 convolutions; a 2x1 pooling follows each. Empty for a set. */
  readonly convolution: readonly number[];
  /** Pooling of neighboring rows after a convolution: Table 3 mean, App. B max; not for a set. */
  readonly pooling: "mean" | "max";
  /**
   * Pooling over all rows of a catalog: Table 3 max; "mean+max" joins both, mean first. Unused by a
   * set, which always takes the mean.
   */
  readonly globalPooling: "mean" | "max" | "mean+max";
  /** Widths of the layers applied to each cluster of a set. Empty for convolutions. */
  readonly cluster: readonly number[];
  /**
   * Widths of a set's learned context, two or more, or empty for none: all but the last are layers
   * applied to each u_i, whose mean over the catalog, joined by n1 and n2, goes through the last and
   * then joins every cluster's inputs.
   */
  readonly context: readonly number[];
  /** A set's factors on the terse value's deviation, whose sines and cosines join a cluster's inputs. */
  readonly frequencies: readonly number[];
  /** Widths of the dense layers between the pooling over clusters and the output. */
  readonly dense: readonly number[];
  /** Dropout rates: after the first encoder layer, and after each dense layer but the last. */
  readonly dropout: { readonly encoder: number; readonly dense: number };
  /** How inputs are scaled; see {@linkcode NormalizationKind}. */
  readonly normalization: NormalizationKind;
  /** How sigma8 is scaled: "probit" maps the prior to the real line, and needs two outputs. */
  readonly label: "linear" | "probit";
  /**
   * One number, sigma8; or two, its mean and the natural log of its variance (both scaled); or five
   * for two labels: their means, ln of two inverse widths and a slope, see {@linkcode Loss}.
   */
  readonly outputs: "value" | "mean and log variance" | "two means and covariance";
}

/** Sizes of the network's two inputs, which follow from the feature columns. */
export interface InputWidths {
  /** Pixels per cluster. */
  readonly pixels: number;
  /** Supplementary values per cluster, 0 or more. */
  readonly supplementary: number;
}

/** The update rule. Adam's moments decay by 0.9 and 0.999, with epsilon 1e-8, bias-corrected. */
export type Optimizer =
  | { readonly kind: "sgd" }
  | { readonly kind: "adam" }
  /** Decoupled: every weight array, biases too, shrinks by learningRate x weightDecay a step. */
  | { readonly kind: "adamw"; readonly weightDecay: number };

/**
 * What is minimized, in scaled labels, averaged over the catalogs of a batch: -ln of the posterior
 * density at the truth for the Gaussian ones, but for a constant.
 *
 * "joint gaussian" is of two labels. With r1, r2 the means less the labels and the outputs p1, p2 and
 * slope, e^p1 (r1 + slope r2) and e^p2 r2 are standard normal: any covariance is such a triangle.
 */
export type Loss = "mae" | "mse" | "gaussian" | "joint gaussian";

/**
 * An observed column that the terse value is tied to, within each catalog: a loss of `weight` times the
 * mean over clusters of ((W_i - mean W) - (terse_i - mean terse))^2, W the column with mean 0 and
 * standard deviation 1 over the training catalogs. Deviations carry no absolute scale of mass.
 */
export interface Tie {
  /** A column of one value per cluster. */
  readonly column: ColumnName;
  /** Factor on the loss, above 0. */
  readonly weight: number;
}

/** How a network is trained (section 3.3; src/README.md lists the choices of the compact recipe). */
export interface Schedule {
  /** Passes over the training catalogs. */
  readonly epochs: number;
  /**
   * Training catalogs: "fixed", those of the design in every epoch, as in the paper; "fresh", as
   * many new ones of the same priors in each epoch, so that no noise can be memorized; "fresh
   * clusters", new ones from a new base sample in each epoch, so that no cluster can be memorized,
   * for synthetic base samples only.
   */
  readonly catalogs: "fixed" | "fresh" | "fresh clusters";
  /** The first epoch (from 1) whose weights may be selected; the paper selects between 2000 and 5000. */
  readonly selectFrom: number;
  /** The grouping of catalogs into batches. */
  readonly batches: Batches;
  /** Loss in training: "gaussian" needs outputs of mean and log variance, the others a value. */
  readonly loss: Loss;
  /** The update rule; the paper's is "sgd". */
  readonly optimizer: Optimizer;
  /** The learning rate after warm-up. */
  readonly learningRate: number;
  /** How the rate changes: "cosine" falls to zero over all steps after warm-up. */
  readonly decay: "constant" | "cosine";
  /** Steps over which the learning rate rises linearly from zero. */
  readonly warmupSteps: number;
  /** Largest Euclidean norm of the gradient; longer ones are scaled to it. `null`: no limit. */
  readonly gradientClip: number | null;
  /** The column to which the terse value is tied in training; `null`: none, as in the paper. */
  readonly tie: Tie | null;
  /** Standard deviation of the normal numbers added to every scaled pixel in training; 0: none. */
  readonly jitter: number;
  /**
   * Factor on the start values of the encoder's first kernel, above 0. With a small factor,
   * directions of the pixels in which clusters do not differ keep no random weight.
   */
  readonly encoderStart: number;
  /**
   * Number of parts of a batch whose gradients are summed separately, then in order. The core's
   * threads work on parts in parallel, with the same bits for any number of threads; with 1 part
   * they share every layer, which needs no second array of gradients. tfjs sums the whole batch.
   * The results agree to 1e-5.
   */
  readonly shards: number;
}

/** One pass over the training catalogs. Errors are in scaled sigma8 (Fig. 7). */
export interface Epoch {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Mean squared error over the epoch's steps, with dropout on, computed during the steps. */
  readonly trainMse: number;
  /** Mean squared error on the validation catalogs after the epoch. */
  readonly validationMse: number;
  /** Whether this is the best eligible epoch so far. */
  readonly selected: boolean;
}

/** Options of a step, in addition to the batch. */
export interface StepOptions {
  /** Loss of the schedule. */
  readonly loss: Loss;
  /** Optimizer of the schedule. */
  readonly optimizer: Optimizer;
  /** Learning rate of this step. */
  readonly learningRate: number;
  /** Largest norm of the gradient, from the schedule; `null` for no limit. */
  readonly gradientClip: number | null;
  /** The two words that key this step's dropout masks; see `network/dropout.ts`. `null`: no dropout. */
  readonly dropoutKey: readonly [number, number] | null;
  /** Number of shards of the batch, from the schedule; 1 if left out. */
  readonly shards?: number;
  /** Factor on the loss that ties the terse value to `Batch.tie`; 0, none, if left out. */
  readonly tieWeight?: number;
}

/** The mean loss of a batch, its scaled predictions, and the gradient of the loss by weight name. */
export interface LossGradients {
  /** Mean over the batch. */
  readonly loss: number;
  /** Outputs during the step, [catalogs x outputs]. */
  readonly outputs: Float32Array;
  /** Gradients by the names of the weights, and shaped like them. */
  readonly gradients: NamedArrays;
}

/** Weights on a device, and the operations on them. All values are normalized. */
export interface Network {
  /** Updates the weights once; returns the loss and the outputs before the update. */
  step(batch: Batch, options: StepOptions): Promise<{ loss: number; outputs: Float32Array }>;
  /** The gradient of a step, before clipping; the weights stay. */
  gradients(
    batch: Batch,
    options: Pick<StepOptions, "loss" | "dropoutKey" | "shards" | "tieWeight">,
  ): Promise<LossGradients>;
  /** Scaled outputs, [catalogs x outputs]. Labels are not read. */
  predict(batch: Batch): Promise<Float32Array>;
  /** Terse value of every row, [rows]. */
  encode(batch: Batch): Promise<Float32Array>;
  /** d terse / d normalized pixel, [rows x pixels]. */
  encoderGradient(batch: Batch): Promise<Float32Array>;
  /** Scaled outputs from given terse values, [catalogs x outputs]; pixels are not read. */
  regress(batch: Batch, terse: Float32Array): Promise<Float32Array>;
  /** A copy of the weights, by the names that `network/weights.ts` lists. */
  weights(): Promise<NamedArrays>;
  /** A copy of the optimizer's moments and step count; empty before the first step. */
  optimizerState(): Promise<NamedArrays>;
  /** Replaces the weights and, if given, the optimizer's state. */
  load(weights: NamedArrays, optimizerState?: NamedArrays): Promise<void>;
  /** Frees the device's memory; the network cannot be used afterwards. */
  dispose(): void;
}

/** A maker of networks on one backend. Engines agree to 1e-5 of each tensor's maximum. */
export interface Engine {
  /** The backend's name in `network/backends.ts`. */
  readonly name: string;
  /** A network with these weights. */
  create(
    architecture: Architecture,
    inputs: InputWidths,
    weights: NamedArrays,
  ): Promise<Network>;
  /** Ends workers and frees the backend. */
  close(): void;
}

/** Clusters in the form that the regression sees: terse values and supplementary columns. */
export interface TerseArray {
  /** Number of clusters. */
  readonly count: number;
  /** Terse values, [count]. */
  readonly terse: Float32Array;
  /** Supplementary values in physical units, [count x s]. */
  readonly supplementary: Float32Array;
}

/** A trained network in physical units: the only form in which interpretation sees one. */
export interface Model {
  /** sigma8 of each catalog. */
  predict(catalogs: readonly FeatureArray[]): Promise<Float64Array>;
  /** Terse value of every cluster, [count]. */
  encode(catalog: FeatureArray): Promise<Float32Array>;
  /** d terse / d normalized pixel (Eq. 4 before the absolute value), [count x width]. */
  encoderGradient(catalog: FeatureArray): Promise<Float32Array>;
  /** sigma8 from terse values: `regress(encode(x))` is `predict(x)`. Leave-one-out needs no second encoding. */
  regress(catalogs: readonly TerseArray[]): Promise<Float64Array>;
}
