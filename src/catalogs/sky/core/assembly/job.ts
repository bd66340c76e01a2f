/**
 * What a catalog is drawn from; job.ts of the front writes the fields in this order. Addresses are bytes,
 * tables float64. The module's memory begins with its constants; the front puts all else behind them.
 */
@unmanaged
export class Job {
  // Parameters, as parameters.ts names them.
  lnL: f64;
  slopeL: f64;
  lnT: f64;
  slopeT: f64;
  lnG: f64;
  slopeG: f64;
  scatterL: f64;
  /** The scatter's Cholesky factor but its first number: TL, TT, GL, GT, GG. */
  factorTL: f64;
  factorTT: f64;
  factorGL: f64;
  factorGT: f64;
  factorGG: f64;
  /** Standard deviation of ln observed flux at given mass. */
  width: f64;
  // The survey.
  area: f64;
  lnFluxLimit: f64;
  fluxError: f64;
  temperatureError: f64;
  gasMassError: f64;
  lnFirstRedshift: f64;
  redshiftStep: f64;
  // Cosmology: the polynomials of E^2, the catalog's and the fiducial one.
  matter: f64;
  radiation: f64;
  constant: f64;
  fiducialMatter: f64;
  fiducialRadiation: f64;
  fiducialConstant: f64;
  // Constants of the front.
  lnFluxFactor: f64;
  hubbleLength: f64;
  h: f64;
  lnPivot: f64;
  lnFirstMass: f64;
  massStep: f64;
  leastTemperature: f64;
  normalReach: f64;
  normalSteps: f64;
  softplusReach: f64;
  softplusSteps: f64;
  /** Degrees of freedom of Student's t; 0: Gaussian. */
  degrees: i32;
  /** Number of temperature errors to choose from; 0: the survey's. */
  errorCount: i32;
  nodes: i32;
  masses: i32;
  /** Addresses of the nodes' redshifts and of their weights in ln z. */
  redshifts: usize;
  weights: usize;
  /** Addresses of the mass function's terms by node: ln amplitude, start, slope and cutoff. */
  amplitudes: usize;
  starts: usize;
  slopes: usize;
  cutoffs: usize;
  /** Addresses of the mass function's terms by mass: ln sigma, sigma^-2 and the factor. */
  lnSigma: usize;
  inverseSquare: usize;
  lnFactor: usize;
  /** Probabilities and slopes of the normal distribution; the same of softplus. */
  normal: usize;
  normalSlope: usize;
  softplus: usize;
  softplusSlope: usize;
  /** Nodes and weights of the quadrature of distances, four each. */
  quadrature: usize;
  errors: usize;
  /** Room: exp(-lnT - slopeT m) by mass; detected clusters [nodes x masses], and by node. */
  inverse: usize;
  detected: usize;
  perLnRedshift: usize;
  /** Their cumulative sums; whether a node's have been made (int32). */
  alongMass: usize;
  alongRedshift: usize;
  made: usize;
  /** Keys of the streams: places, fluxes, measurements; two words each. */
  keys: usize;
  /** Rows that fit; columns of a mock, in the order of the front, each of so many rows. */
  capacity: i32;
  columns: usize;
}
