/** One observation as files: image and mask, a picture, the profile with a drawing, a record. */
import { formatTable } from "../../src/formats/csv.ts";
import type { FitsTable } from "../../src/formats/fits.ts";
import { encodeFitsImages } from "../../src/formats/fits_image.ts";
import { encodePng } from "../../src/formats/png.ts";
import { drawDensityProfiles } from "../../src/report/figures/density_profiles.ts";
import { densityProfile } from "../../src/xray/density_profile.ts";
import { squaredDensity } from "../../src/xray/gas_density.ts";
import type { Observation, Observatory } from "../../src/xray/observe.ts";
import { sampleOnGrid } from "../../src/xray/projection.ts";
import { surfaceBrightness } from "../../src/xray/surface_brightness.ts";
import { type Output, writeFiles } from "../program/outputs.ts";
import { drawObservation } from "./observation_picture.ts";

/** An observation's files. */
export const OBSERVATION_FILES = {
  image: "image.fits",
  picture: "image.png",
  profile: "profile.csv",
  drawing: "profile.svg",
  found: "fit.json",
} as const;

/** What the numbers of an observation follow from. */
export interface ObservationOrigin {
  readonly cluster: number;
  readonly seed: number;
  /** CRC-32 of the base sample. */
  readonly baseSample: number;
}

const UNITS = {
  mass: "log10 Msun/h",
  luminosity: "log10 1e44 erg/s",
  temperature: "log10 keV",
  length: "Mpc/h",
  density: "(Msun/h) (Mpc/h)^-3",
  place: "pixels from the lower left corner",
  angle: "radian",
} as const;

/** Saves an observation; one without photons has no profile, and one without a fit no drawing. */
export async function saveObservation(
  folder: string,
  origin: ObservationOrigin,
  { observatory, observation }: {
    readonly observatory: Observatory;
    readonly observation: Observation;
  },
  found: object,
): Promise<void> {
  const path = (file: keyof typeof OBSERVATION_FILES) => `${folder}/${OBSERVATION_FILES[file]}`;
  const outputs: Output[] = [[path("image"), imageFile(observatory, observation, origin)]];
  const picture = drawObservation(observation, observatory.pointing.pixel);
  outputs.push([path("picture"), await encodePng(picture)]);
  const profile = profileTable(observatory, observation);
  if (profile) outputs.push([path("profile"), formatTable(profile)]);
  if (observation.gas) {
    const name = `cluster ${origin.cluster}, ${observation.truth.core} core`;
    const { svg } = drawDensityProfiles([{ name, ...densityProfile(observation) }]);
    outputs.push([path("drawing"), svg]);
  }
  const record = `${JSON.stringify({ origin, units: UNITS, ...found }, null, 2)}\n`;
  writeFiles([...outputs, [path("found"), record]]);
}

/** Counts and mask as two images on the same pixels. */
function imageFile(
  { pointing: { side, instrument, redshift } }: Observatory,
  { photons, substructure, quality }: Observation,
  { cluster, seed, baseSample }: ObservationOrigin,
): Uint8Array {
  const shape = [side, side];
  const middle = side / 2 + 0.5; // FITS counts from 1, to the middles of pixels
  const header = [
    { keyword: "CLUSTER", value: cluster, comment: "row of the base sample, from 0" },
    { keyword: "SEED", value: seed, comment: "root of the random streams" },
    { keyword: "BASECRC", value: baseSample, comment: "CRC-32 of the base sample" },
    { keyword: "QUALITY", value: quality },
    { keyword: "REDSHIFT", value: redshift },
    { keyword: "EXPOSURE", value: instrument.exposureSeconds, comment: "[s]" },
    ...["x", "y"].flatMap((axis, i) => [
      { keyword: `CTYPE${i + 1}`, value: axis, comment: "offset from the middle of the field" },
      { keyword: `CUNIT${i + 1}`, value: "arcmin" },
      { keyword: `CRPIX${i + 1}`, value: middle },
      { keyword: `CRVAL${i + 1}`, value: 0 },
      { keyword: `CDELT${i + 1}`, value: instrument.pixelArcsec / 60 },
    ]),
  ];
  const unit = { keyword: "BUNIT", value: "count" };
  return encodeFitsImages([
    { name: "COUNTS", shape, data: Int32Array.from(photons), header: [unit, ...header] },
    { name: "MASK", shape, data: substructure.mask, header },
  ]);
}

/** The profile, one row per annulus with unmasked pixels; undefined without photons. */
function profileTable(
  { projection: { grid } }: Observatory,
  { profile, fit, truth }: Observation,
): FitsTable | undefined {
  if (profile === undefined) return undefined;
  const { edges, counts, areas, radii, response } = profile;
  const { value, error } = surfaceBrightness(profile);
  const n = grid.radii.length;
  const squared = sampleOnGrid(grid, (r) => squaredDensity(truth.density, r));
  const smooth = counts.map((_, a) =>
    truth.photonsPerEmission *
    squared.reduce((sum, density, k) => sum + density * response[a * n + k]!, 0)
  );
  const rows = [...counts.keys()].filter((a) => areas[a]! > 0);
  const column = (name: string, unit: string, of: (annulus: number) => number) => ({
    name,
    unit,
    shape: [],
    data: Float64Array.from(rows, of),
  });
  const columns = [
    column("innerRadius", "Mpc/h", (a) => edges[a]!),
    column("outerRadius", "Mpc/h", (a) => edges[a + 1]!),
    column("meanRadius", "Mpc/h", (a) => radii[a]!),
    column("radiusInR500", "", (a) => radii[a]! / truth.r500),
    column("area", "(Mpc/h)^2", (a) => areas[a]!),
    column("counts", "count", (a) => counts[a]!),
    column("brightness", "count (Mpc/h)^-2", (a) => value[a]!),
    column("brightnessError", "count (Mpc/h)^-2", (a) => error[a]!),
    ...(fit ? [column("fit", "count (Mpc/h)^-2", (a) => fit.expected[a]! / areas[a]!)] : []),
    column("truth", "count (Mpc/h)^-2", (a) => smooth[a]! / areas[a]!),
  ];
  return { name: "PROFILE", count: rows.length, columns, header: [] };
}
