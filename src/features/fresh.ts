/** Normalized catalogs from the WASM core, fast enough for new ones in every epoch. */
import type { CatalogMaker } from "../catalogs/catalog.ts";
import type { RowArrays } from "../catalogs/core/draw_batch.ts";
import { createBatchDrawer } from "../catalogs/core/draw_batch.ts";
import type { CatalogParameters, Priors } from "../catalogs/priors.ts";
import { drawParameters } from "../catalogs/priors.ts";
import type { Random } from "../numerics/random.ts";
import type { NormalizedCatalog } from "./dataset.ts";
import type { ColumnName, FeatureSpec } from "./features.ts";
import { scaleLabel } from "./label_scale.ts";
import { linearColumns } from "./linear_columns.ts";
import type { LinearScale, Normalization } from "./normalization.ts";

/** Draws catalogs as normalized inputs; see {@linkcode createMockCore}. */
export interface MockCore {
  /**
   * Draws one catalog for every entry of `parameters`. Catalog i has the key of
   * `random.fork("catalog", first + i)` and is the same bits alone or among others, on any thread.
   * The arrays are views of a few common buffers.
   *
   * @param parameters One entry per catalog
   * @param random Nothing is drawn from the stream itself
   * @param first Number of the first catalog; 0 if left out
   * @throws {RangeError} If a catalog comes out empty, or a parameter is out of range
   */
  draw(
    parameters: readonly CatalogParameters[],
    random: Random,
    first?: number,
  ): NormalizedCatalog[];
}

/**
 * A core that draws catalogs for one network. They have the distribution of `drawCatalog`,
 * `buildFeatures` and `normalizeCatalog` in a row, but other random numbers. Both recipes and every
 * column of `COLUMNS` are taken.
 *
 * A core has its own memory and shares nothing: each worker may create one, and give `first` to
 * draw a part of an epoch.
 *
 * @example A catalog is the same alone or among others
 * ```ts
 * import { EXPERIMENTS, createRandom, drawBaseSample, prepareCatalogs } from "@clusters/terse";
 * import { STANDARD_PRIORS, drawParameters } from "@clusters/terse/catalogs";
 * import { SIGMA8_SCALE, createMockCore, widthOf } from "@clusters/terse/features";
 * import { assertEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const { catalog, features } = EXPERIMENTS.standard;
 * const maker = prepareCatalogs(drawBaseSample(random.fork("base sample")), catalog);
 * const scales = (width: number) => Array.from({ length: width }, () => ({ offset: 0, scale: 1 }));
 * const core = createMockCore(maker, features, {
 *   pixels: scales(widthOf(features.pixels)),
 *   supplementary: scales(widthOf(features.supplementary)),
 *   sigma8: SIGMA8_SCALE,
 * });
 * const parameters = drawParameters(STANDARD_PRIORS, 18, random);
 * const all = core.draw(parameters, random);
 * assertEquals(core.draw([parameters[17]!], random, 17)[0], all[17]);
 * ```
 *
 * @param maker Makes catalogs by either recipe
 * @param features The columns, and the order of the rows
 * @param normalization Their scales, and the label's
 * @param options `arrays`: "reused" if each draw may overwrite the catalogs of the one before, as
 * training on fresh catalogs allows; "new" if left out. `tie`: the column that the terse value is tied
 * to in training, which the normalization must have a scale for; none if left out
 * @throws {TypeError} If the normalization lacks the scale of a value or of the tied column, or a
 * column is not linear in what a cluster draws
 * @throws {RangeError} If a scaled value is not finite, or the memory cannot be had
 */
export function createMockCore(
  maker: CatalogMaker,
  features: FeatureSpec,
  normalization: Normalization,
  { arrays = "new", tie = null }: {
    readonly arrays?: RowArrays;
    readonly tie?: ColumnName | null;
  } = {},
): MockCore {
  const { source } = maker;
  const [names, scales] = joinTie(features.supplementary, normalization, tie);
  const layout = {
    pixels: linearColumns(source, features.pixels, normalization.pixels),
    supplementary: linearColumns(source, names, scales),
    order: features.order,
  };
  const drawer = createBatchDrawer(maker, layout, arrays);
  return {
    draw(parameters, random, first = 0) {
      const { sigma8 } = normalization;
      return drawer.draw(parameters, random, first).map((rows, i): NormalizedCatalog => {
        const label = scaleLabel(parameters[i]!.sigma8, sigma8);
        const { count, pixels, supplementary } = rows;
        if (tie === null) return { count, pixels, supplementary, label, tie: NO_TIE };
        const split = splitTie(supplementary, count);
        return { count, pixels, supplementary: split.supplementary, label, tie: split.tie };
      });
    },
  };
}

const NO_TIE = new Float32Array(0);

/** Appends the tied column to the supplementary values, so that the core draws it as well. */
function joinTie(
  supplementary: readonly ColumnName[],
  normalization: Normalization,
  tie: ColumnName | null,
): [readonly ColumnName[], readonly LinearScale[]] {
  if (tie === null) return [supplementary, normalization.supplementary];
  if (!normalization.tie) {
    throw new TypeError(
      `Cannot draw catalogs: the normalization has no scale of ${tie}, to which the terse value is ` +
        "tied, one is needed",
    );
  }
  return [[...supplementary, tie], [...normalization.supplementary, normalization.tie]];
}

/** Splits the tied column off the supplementary values of every cluster. */
function splitTie(
  drawn: Float32Array,
  count: number,
): Pick<NormalizedCatalog, "supplementary" | "tie"> {
  const width = drawn.length / count;
  const supplementary = new Float32Array(count * (width - 1));
  const tie = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < width - 1; j++) {
      supplementary[row * (width - 1) + j] = drawn[row * width + j]!;
    }
    tie[row] = drawn[(row + 1) * width - 1]!;
  }
  return { supplementary, tie };
}

/**
 * Fresh catalogs for every epoch, as `TrainingData.train` takes them. The same epoch gives the same
 * catalogs, so that a resumed training is exact. With a core of reused arrays, the catalogs of an
 * epoch last until those of another are drawn.
 *
 * @param coreOf Gives the core that draws an epoch's catalogs: the same for all, or one of other
 *   clusters
 * @param priors Priors of their parameters
 * @param count Catalogs per epoch
 * @param random Epoch e draws from `random.fork("fresh", e)`
 * @throws {RangeError} If the count is not a whole number from 1 on
 */
export function freshCatalogs(
  coreOf: (epoch: number) => MockCore,
  priors: Priors,
  count: number,
  random: Random,
): (epoch: number) => NormalizedCatalog[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot draw fresh catalogs: count is ${count}, should be a whole number from 1 on`,
    );
  }
  return (epoch) => {
    const stream = random.fork("fresh", epoch);
    return coreOf(epoch).draw(drawParameters(priors, count, stream), stream);
  };
}
