/** What one catalog is drawn from in the core's memory, as assembly/job.ts declares it. */

/** Fields that are float64, in the core's order. */
export const NUMBER_FIELDS: readonly string[] = [
  ...["lnL", "slopeL", "lnT", "slopeT", "lnG", "slopeG", "scatterL"],
  ...["factorTL", "factorTT", "factorGL", "factorGT", "factorGG", "width"],
  ...["area", "lnFluxLimit", "fluxError", "temperatureError", "gasMassError"],
  ...["lnFirstRedshift", "redshiftStep", "matter", "radiation", "constant"],
  ...["fiducialMatter", "fiducialRadiation", "fiducialConstant"],
  ...["lnFluxFactor", "hubbleLength", "h", "lnPivot", "lnFirstMass", "massStep"],
  ...["leastTemperature", "normalReach", "normalSteps", "softplusReach", "softplusSteps"],
];

/** Fields that are int32, in the core's order: numbers, and addresses in bytes. */
export const INTEGER_FIELDS: readonly string[] = [
  ...["degrees", "errorCount", "nodes", "masses", "redshifts", "weights"],
  ...["amplitudes", "starts", "slopes", "cutoffs", "lnSigma", "inverseSquare", "lnFactor"],
  ...["normal", "normalSlope", "softplus", "softplusSlope", "quadrature", "errors"],
  ...["inverse", "detected", "perLnRedshift", "alongMass", "alongRedshift", "made"],
  ...["keys", "capacity", "columns"],
];

/** Columns of a mock that the core fills, in its order. */
export const CORE_COLUMNS = [
  "redshift",
  "lnMass",
  "lnFlux",
  "lnTemperature",
  "lnGasMass",
  "lnTemperatureError",
  "luminosityOffset",
] as const;

/** Bytes of a job. */
export const JOB_BYTES: number = 8 * NUMBER_FIELDS.length + 4 * INTEGER_FIELDS.length;
