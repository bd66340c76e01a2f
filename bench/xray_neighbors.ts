/** Mock observations of clusters with a bright neighbor planted next to each. */
import type { BaseSample, Random } from "../mod.ts";
import {
  buildCluster,
  drawPhotons,
  expectImage,
  photonsPerLuminosity,
  prepareObservatory,
  reduceImage,
  shellGasMasses,
  shellSlopes,
  type SkySource,
  STANDARD_SKY,
  totalGasMass,
  type TrueCluster,
} from "../src/xray/mod.ts";

/** Neighbors are planted with these shares of the cluster's photons, this far off [R500]. */
const PLANTED_SHARES = [0.5, 1, 3, 10];
const PLANTED_DISTANCES = [0.1, 0.2, 0.3, 0.43, 0.6, 0.9, 1.3, 1.8];
/** Places, in the order of mass, of the clusters that neighbors are planted next to. */
const PLANTED_PLACES = [0.01, 0.25, 0.5, 0.75];
/** A "good" measurement is false with a centroid this far off [R500], or a gas mass [dex]. */
const FALSE_CENTER = 0.05;
const FALSE_MASS = 0.04;

/** Shells, slopes and total of the true cluster. */
export function listTruth({ density, r500 }: TrueCluster): number[] {
  return [
    ...shellGasMasses(density, r500).map(Math.log10),
    ...shellSlopes(density, r500),
    Math.log10(totalGasMass(density, r500)),
  ];
}

/** Outcomes for neighbors of one brightness at one distance. */
interface NeighborOutcomes {
  /** Photons of the neighbor over those of the cluster. */
  readonly share: number;
  /** Distance of the neighbor from the cluster [R500]. */
  readonly distance: number;
  readonly good: number;
  readonly blended: number;
  readonly offCenter: number;
  /** "Good" measurements with a false centroid or gas mass. */
  readonly falseGood: number;
  readonly largestCenterMiss: number | null;
  readonly largestMassMiss: number | null;
}

/**
 * How clusters are reduced that have a bright neighbor and nothing else.
 *
 * @param byMass Rows of the base sample in ascending order of mass
 */
export function plantNeighbors(
  base: BaseSample,
  byMass: readonly number[],
  random: Random,
): NeighborOutcomes[] {
  const rows = PLANTED_PLACES.map((share) => byMass[Math.floor(share * byMass.length)]!);
  const sky = { ...STANDARD_SKY, clumps: 0, neighbors: 0 };
  const observatory = prepareObservatory(base.cosmology, base.redshift, { sky });
  const { pointing, projection: { grid } } = observatory;
  return PLANTED_SHARES.flatMap((share) =>
    PLANTED_DISTANCES.map((distance) => {
      const line = { share, distance, good: 0, blended: 0, offCenter: 0, falseGood: 0 };
      const [centers, masses]: [number[], number[]] = [[], []];
      for (const row of rows) {
        const own = random.fork("planted", row, String(share), String(distance));
        const truth = buildCluster(observatory, base.clusters, row, own);
        const { center } = truth.onSky;
        const angle = 2 * Math.PI * own.uniform();
        const reach = distance * truth.r500 / pointing.pixel;
        const photons = 10 ** base.clusters.logLuminosity[row]! *
          photonsPerLuminosity(pointing, 10 ** base.clusters.logTemperature[row]!);
        const neighbor: SkySource = {
          center: { x: center.x + reach * Math.cos(angle), y: center.y + reach * Math.sin(angle) },
          photons: share * photons,
          coreRadius: 0.03 + 0.05 * own.uniform(),
          beta: 0.8,
          kind: "neighbor",
        };
        const image = expectImage(truth.onSky, [neighbor], grid, pointing);
        const found = reduceImage(observatory, drawPhotons(image, own.fork("photons")), truth);
        const { x, y } = found.profile?.center ?? found.substructure.center;
        const off = Math.hypot(x - center.x, y - center.y) * pointing.pixel / truth.r500;
        line.good += found.quality === "good" ? 1 : 0;
        line.blended += found.quality === "blended" ? 1 : 0;
        line.offCenter += found.quality === "off center" ? 1 : 0;
        if (!found.gas) continue;
        const miss = Math.abs(found.gas.logGasMass - listTruth(truth).at(-1)!);
        centers.push(off);
        masses.push(miss);
        const isFalse = found.quality === "good" && (off > FALSE_CENTER || miss > FALSE_MASS);
        line.falseGood += isFalse ? 1 : 0;
      }
      const largest = (values: readonly number[]) => values.length > 0 ? Math.max(...values) : null;
      return { ...line, largestCenterMiss: largest(centers), largestMassMiss: largest(masses) };
    })
  );
}
