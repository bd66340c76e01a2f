/** Figs. 1 to 8: mock observations, the network and its predictions (sections 2 to 4). */
import { drawAbundance } from "../figures/abundance.ts";
import { drawArchitecture } from "../figures/architecture.ts";
import { drawAutoencoder } from "../figures/autoencoder.ts";
import { drawDensityProfiles } from "../figures/density_profiles.ts";
import { drawInputMatrices } from "../figures/matrices.ts";
import { drawNeighborOffset } from "../figures/neighbor_offset.ts";
import { drawPredictions } from "../figures/predictions.ts";
import { drawTrainingHistory, selectedEpoch } from "../figures/training_history.ts";
import { TABLE4_ROWS } from "../../evaluation/table4_rows.ts";
import { formatScatter } from "../scatter_table.ts";
import type { FigureEntry } from "./entry.ts";
import { whereGiven } from "./entry.ts";

/** Figs. 1 to 8. */
export const METHOD_FIGURES: readonly FigureEntry[] = [
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
      "regression over all clusters.",
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
      "Sample catalogs as the encoder sees them: one row per cluster, the most luminous at the " +
      "bottom, one column per pixel. Heights differ because numbers of clusters do.",
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
        paper: formatScatter(TABLE4_ROWS.standard.paper!),
        ours: formatScatter(errors),
      }]) ?? [],
  },
];
