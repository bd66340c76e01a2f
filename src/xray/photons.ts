/**
 * The mock photons of section 2.1.2: a projected gas density, elliptical on the sky, with clumps
 * and line-of-sight neighbors on top, becomes an image of expected counts and then of Poisson
 * photons. No background, perfect optics.
 */
import type { Random } from "../numerics/random.ts";
import type { Pointing } from "./instrument.ts";
import { brightnessStencil, type RadialGrid, STENCIL } from "./projection.ts";
import { pixelsAbout, type Place } from "./ellipse.ts";
import { pixelParts } from "./surface_brightness.ts";

/** A compact source of extended emission on the sky: a beta model seen in projection. */
export interface SkySource {
  /** Center of the cluster on the image [pixels] */
  readonly center: Place;
  /** Photons expected from all of it. */
  readonly photons: number;
  /** Core radius [Mpc/h] */
  readonly coreRadius: number;
  /** Beta, above 1/2: brightness falls as (1 + R^2 / rc^2)^(1/2 - 3 beta). */
  readonly beta: number;
  /** A clump belongs to the cluster, a neighbor lies before or behind it. */
  readonly kind: "clump" | "neighbor";
}

/** A cluster on the sky. */
export interface SkyCluster {
  /** Center of the cluster on the image [pixels] */
  readonly center: Place;
  /** Photons expected per (Mpc/h)^2 at the radii of the grid. */
  readonly brightness: Float64Array;
  /** Minor over major axis of its isophotes, above 0 to 1. */
  readonly axisRatio: number;
  /** Angle from the x axis to the major axis [radian] */
  readonly positionAngle: number;
}

/**
 * Expected photons in every pixel, row-major [side x side].
 *
 * Isophotes are ellipses of the area of the circle they replace, so ellipticity keeps the number of
 * photons: R^2 = q x^2 + y^2 / q along the axes, for an axis ratio q.
 */
export function expectImage(
  cluster: SkyCluster,
  sources: readonly SkySource[],
  grid: RadialGrid,
  pointing: Pointing,
): Float64Array {
  const { side, pixel } = pointing;
  const image = new Float64Array(side * side);
  const weights = new Float64Array(STENCIL);
  const cos = Math.cos(cluster.positionAngle);
  const sin = Math.sin(cluster.positionAngle);
  const q = cluster.axisRatio;
  for (let j = 0; j < side; j++) {
    const dy = j + 0.5 - cluster.center.y;
    for (let i = 0; i < side; i++) {
      const dx = i + 0.5 - cluster.center.x;
      const parts = pixelParts(Math.sqrt(dx * dx + dy * dy));
      let sum = 0;
      for (let b = 0; b < parts; b++) {
        const y = dy + (b + 0.5) / parts - 0.5;
        for (let a = 0; a < parts; a++) {
          const x = dx + (a + 0.5) / parts - 0.5;
          const major = cos * x + sin * y;
          const minor = cos * y - sin * x;
          const radius = Math.sqrt(q * major * major + minor * minor / q) * pixel;
          const first = brightnessStencil(grid, radius, weights);
          for (let k = 0; k < STENCIL; k++) sum += weights[k]! * cluster.brightness[first + k]!;
        }
      }
      image[j * side + i] = sum * (pixel / parts) ** 2;
    }
  }
  for (const source of sources) addSource(image, source, pointing);
  return image;
}

/** Share of a source's photons outside the radius to which it is drawn. */
const SOURCE_TAIL = 0.005;

/** Share of a beta model's photons outside R on the sky: (1 + R^2 / rc^2)^(3/2 - 3 beta). */
function addSource(image: Float64Array, source: SkySource, { side, pixel }: Pointing): void {
  const { center, photons, beta } = source;
  const core = source.coreRadius / pixel; // pixels
  const falloff = 3 * beta - 1.5;
  const reach = core * Math.sqrt(SOURCE_TAIL ** (-1 / falloff) - 1);
  const peak = photons * falloff / (Math.PI * core * core); // photons per pixel at the center
  const columns = pixelsAbout(center.x, reach, side);
  const rows = pixelsAbout(center.y, reach, side);
  for (let j = rows.first; j <= rows.last; j++) {
    const y2 = (j + 0.5 - center.y) ** 2;
    for (let i = columns.first; i <= columns.last; i++) {
      const r2 = (i + 0.5 - center.x) ** 2 + y2;
      if (r2 > reach * reach) continue;
      image[j * side + i]! += peak * (1 + r2 / (core * core)) ** (-1 - falloff);
    }
  }
}

/**
 * Poisson photons for an image of expected ones, each pixel on its own.
 *
 * @param expected Zero or above
 */
export function drawPhotons(expected: Float64Array, random: Random): Uint32Array {
  const photons = new Uint32Array(expected.length);
  for (let i = 0; i < expected.length; i++) photons[i] = random.poisson(expected[i]!);
  return photons;
}
