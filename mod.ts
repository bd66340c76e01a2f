/**
 * Terse: galaxy cluster cosmology with an interpretable encoder, after Ntampaka and Vikhlinin,
 * "The Importance of Being Interpretable". The rooms below come in the order that the data takes,
 * which is the order of the paper: cosmology, clusters, catalogs, features, network, evaluation,
 * interpretation.
 *
 * @module
 */

// numerics
export * from "./src/numerics/random.ts";
export * from "./src/numerics/arrays.ts";
export * from "./src/numerics/statistics.ts";
export * from "./src/numerics/calculus.ts";

// formats

// cosmology (section 2.2.1)

// clusters (section 2.1)
export * from "./src/clusters/cluster_table.ts";

// xray (section 2.1.2)

// catalogs (section 2.2)

// features (section 3.2)
export * from "./src/features/features.ts";
export * from "./src/features/normalization.ts";
export * from "./src/features/dataset.ts";

// model (the seam)
export * from "./src/model.ts";

// network (sections 3.1 and 3.3)
export * from "./src/network/weights.ts";

// evaluation (section 4)

// interpretation (section 5)

// report

// experiments
