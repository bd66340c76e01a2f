/**
 * Draws catalogs of a survey on the sky as draw.ts of the room does, from the same streams: the table of
 * detected clusters, then each cluster's place, flux, temperature and gas mass.
 */
import { Job } from "./job";
import { cubic, probability, quantile } from "./normal";
import { normal, streamCounter, takeStream, uniform } from "./random";

/** First byte at which the caller may put its tables. */
export function base(): usize {
  return __heap_base;
}

@inline
function at(table: usize, i: i32): f64 {
  return load<f64>(table + (<usize>i << 3));
}

@inline
function put(table: usize, i: i32, value: f64): void {
  store<f64>(table + (<usize>i << 3), value);
}

@inline
function expansion(matter: f64, radiation: f64, constant: f64, z: f64): f64 {
  const scale = 1.0 + z;
  const cube = scale * scale * scale;
  return Math.sqrt(matter * cube + radiation * cube * scale + constant);
}

/** Comoving distance [Mpc/h]. */
function distance(job: Job, matter: f64, radiation: f64, constant: f64, z: f64): f64 {
  const half = z / 2.0;
  let sum = 0.0;
  for (let i = 0; i < 4; i++) {
    sum += at(job.quadrature, 4 + i) /
      expansion(matter, radiation, constant, half + half * at(job.quadrature, i));
  }
  return job.hubbleLength * half * sum;
}

@inline
function lnLimit(job: Job, distance: f64, lnScale: f64): f64 {
  return job.lnFluxFactor + 2.0 * (Math.log(distance / job.h) + lnScale) + job.lnFluxLimit;
}

@inline
function lnK(lnT: f64, inverse: f64, lnScale: f64): f64 {
  return lnScale *
    (0.5128 + 0.087 * lnT - 0.823 * inverse + 0.2612 * inverse * inverse -
      (0.097 + 0.1047 * inverse) * lnScale);
}

/** ln(1 + e^x), as cosmology/abundance_table.ts has it. */
@inline
function softplus(job: Job, x: f64): f64 {
  const reach = job.softplusReach;
  if (x <= -reach) return 0.0;
  if (x >= reach) return x;
  return cubic(job.softplus, job.softplusSlope, (x + reach) * job.softplusSteps);
}

/** Fills the table of detected clusters; returns the expected number. */
export function fill(job: Job): f64 {
  const masses = job.masses;
  const inverseWidth = 1.0 / job.width;
  const lnLeast = Math.log(job.leastTemperature);
  for (let k = 0; k < masses; k++) {
    const m = job.lnFirstMass + job.massStep * <f64>k - job.lnPivot;
    put(job.inverse, k, Math.exp(-job.lnT - job.slopeT * m));
  }
  let expected = 0.0;
  for (let j = 0; j < job.nodes; j++) {
    const z = at(job.redshifts, j);
    const lnScale = Math.log(1.0 + z);
    const rate = expansion(job.matter, job.radiation, job.constant, z);
    const lnE = Math.log(rate);
    const far = distance(job, job.matter, job.radiation, job.constant, z);
    const shiftL = job.lnL + 2.0 * lnE - lnLimit(job, far, lnScale);
    const shiftT = job.lnT + 2.0 / 3.0 * lnE;
    const inverseFactor = Math.exp(-2.0 / 3.0 * lnE);
    const start = at(job.starts, j), slope = at(job.slopes, j), cutoff = at(job.cutoffs, j);
    const amplitude = at(job.amplitudes, j);
    const lnLeastK = lnK(lnLeast, 1.0 / job.leastTemperature, lnScale);
    const row = job.detected + (<usize>(j * masses) << 3);
    let sum = 0.0;
    for (let k = 0; k < masses; k++) {
      const m = job.lnFirstMass + job.massStep * <f64>k - job.lnPivot;
      const temperature = shiftT + job.slopeT * m;
      const k3 = temperature > lnLeast
        ? lnK(temperature, at(job.inverse, k) * inverseFactor, lnScale)
        : lnLeastK;
      const p = probability(job, (shiftL + job.slopeL * m + k3) * inverseWidth);
      let found = 0.0;
      if (p > 0.0) {
        const lnAbundance = amplitude + softplus(job, start - slope * at(job.lnSigma, k)) -
          cutoff * at(job.inverseSquare, k) + at(job.lnFactor, k);
        found = p * Math.exp(lnAbundance);
      }
      put(row, k, found);
      sum += found;
    }
    const volume = job.area * far * far * job.hubbleLength / rate;
    const perLn = z * volume * sum * job.massStep;
    put(job.perLnRedshift, j, perLn);
    expected += at(job.weights, j) * perLn;
    store<i32>(job.made + (<usize>j << 2), 0);
  }
  return expected;
}

/** Densities whose ln changes by less over a step are constant, by more exponential. */
const FLAT: f64 = 1e-6;

/** The integral of a density, exponential between unit steps, up to each of them. */
function accumulate(density: usize, count: i32, sums: usize): void {
  put(sums, 0, 0.0);
  let sum = 0.0;
  for (let i = 1; i < count; i++) {
    const p0 = at(density, i - 1), p1 = at(density, i);
    const rise = p0 > 0.0 && p1 > 0.0 ? Math.log(p1 / p0) : 0.0;
    sum += Math.abs(rise) > FLAT ? (p1 - p0) / rise : (p0 + p1) / 2.0;
    put(sums, i, sum);
  }
}

/** Position [steps] at which the integral of a density reaches a share of the whole. */
function invert(density: usize, sums: usize, count: i32, share: f64): f64 {
  const target = share * at(sums, count - 1);
  let low = 0, high = count - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(sums, middle) <= target) low = middle;
    else high = middle;
  }
  const p0 = at(density, low), p1 = at(density, high);
  const part = (target - at(sums, low)) / (at(sums, high) - at(sums, low));
  if (!(p0 > 0.0 && p1 > 0.0 && Math.abs(p1 / p0 - 1.0) > FLAT)) return <f64>low + part;
  const log = Math.log(p1 / p0);
  return <f64>low + Math.log1p(part * (p1 / p0 - 1.0)) / log;
}

function massAt(job: Job, node: i32, share: f64): f64 {
  const offset = <usize>(node * job.masses) << 3;
  const made = job.made + (<usize>node << 2);
  if (load<i32>(made) === 0) {
    accumulate(job.detected + offset, job.masses, job.alongMass + offset);
    store<i32>(made, 1);
  }
  return invert(job.detected + offset, job.alongMass + offset, job.masses, share);
}

/** Columns of a mock: redshift, ln mass, ln flux, ln T, ln gas mass, error of ln T, offset of ln L. */
@inline
function column(job: Job, c: i32): usize {
  return job.columns + (<usize>(c * job.capacity) << 3);
}

/** Draws `count` clusters from the table that `fill` has made. */
export function draw(job: Job, count: i32): void {
  const nodes = job.nodes;
  const redshifts = column(job, 0), lnMasses = column(job, 1);
  accumulate(job.perLnRedshift, nodes, job.alongRedshift);
  takeStream(job.keys, 0, 0);
  for (let i = 0; i < count; i++) {
    const place = invert(job.perLnRedshift, job.alongRedshift, nodes, uniform());
    let cell = <i32>place;
    if (cell > nodes - 2) cell = nodes - 2;
    const share = uniform();
    const low = massAt(job, cell, share);
    const high = massAt(job, cell + 1, share);
    put(redshifts, i, Math.exp(job.lnFirstRedshift + place * job.redshiftStep));
    put(lnMasses, i, job.lnFirstMass + job.massStep * (low + (place - <f64>cell) * (high - low)));
  }
  const variance = job.width * job.width;
  const share = job.scatterL * job.scatterL / variance;
  const rest = job.scatterL * job.fluxError / job.width;
  let fluxCounter: u32 = 0, measureCounter: u32 = 0;
  for (let i = 0; i < count; i++) {
    const z = at(redshifts, i);
    const m = at(lnMasses, i) - job.lnPivot;
    const lnScale = Math.log(1.0 + z);
    const lnE = Math.log(expansion(job.matter, job.radiation, job.constant, z));
    const far = distance(job, job.matter, job.radiation, job.constant, z);
    const meanT = job.lnT + job.slopeT * m + 2.0 / 3.0 * lnE;
    const lnT = Math.max(meanT, Math.log(job.leastTemperature));
    const x = job.lnL + job.slopeL * m + 2.0 * lnE + lnK(lnT, Math.exp(-lnT), lnScale) -
      lnLimit(job, far, lnScale);
    takeStream(job.keys, 1, fluxCounter);
    let observed = x;
    if (job.width > 0.0) {
      const tail = probability(job, x / job.width) * (1.0 - uniform());
      observed = x - job.width * quantile(Math.max(tail, 1e-300));
    }
    const offsetL = (observed - x) * share + rest * normal();
    fluxCounter = streamCounter();
    takeStream(job.keys, 2, measureCounter);
    let stretch = 1.0;
    if (job.degrees > 0) {
      let chiSquare = 0.0;
      for (let k = 0; k < job.degrees; k++) {
        const one = normal();
        chiSquare += one * one;
      }
      stretch = Math.sqrt(<f64>(job.degrees - 2) / chiSquare);
    }
    const e1 = stretch * normal();
    const e2 = stretch * normal();
    const zL = offsetL / job.scatterL;
    const offsetT = job.factorTL * zL + job.factorTT * e1;
    const offsetG = job.factorGL * zL + job.factorGT * e1 + job.factorGG * e2;
    let errorT = job.temperatureError;
    if (job.errorCount > 0) errorT = at(job.errors, <i32>(uniform() * <f64>job.errorCount));
    const fiducial = distance(
      job,
      job.fiducialMatter,
      job.fiducialRadiation,
      job.fiducialConstant,
      z,
    );
    const lnDistances = Math.log(far / fiducial);
    put(column(job, 2), i, observed + job.lnFluxLimit);
    put(column(job, 3), i, meanT + offsetT + errorT * normal());
    put(
      column(job, 4),
      i,
      job.lnG + job.slopeG * m + offsetG - 2.5 * lnDistances + job.gasMassError * normal(),
    );
    put(column(job, 5), i, errorT);
    put(column(job, 6), i, offsetL);
    measureCounter = streamCounter();
  }
}
