/** A mock observation as a picture: its photons, R500, and the outline of what is masked. */
import type { Picture } from "../../src/formats/png.ts";
import { RAMP_STEPS, rampColor } from "../../src/report/palette.ts";
import type { Observation } from "../../src/xray/observe.ts";

/** Image pixels are squares of this many of the picture's, so that lines are finer than they. */
const ZOOM = 2;
/** Counts far above this one are shown by their logarithm, those below in proportion. */
const LINEAR_COUNTS = 1;

type Color = readonly [number, number, number];
const R500_COLOR: Color = [255, 255, 255];
const MASK_COLOR: Color = [255, 110, 60];

/**
 * Draws an observation with y up, as FITS viewers show its image: photons dark to bright, the circle
 * of R500 about the center of the profile in white, masked patches outlined in orange.
 *
 * @param pixel Side of a pixel [Mpc/h]
 */
export function drawObservation(
  { photons, substructure, profile, truth }: Observation,
  pixel: number,
): Picture {
  const side = Math.sqrt(photons.length);
  const size = ZOOM * side;
  const { mask } = substructure;
  const center = profile?.center ?? substructure.center;
  const radius = truth.r500 / pixel;
  const colors = rampColors();
  const most = Math.asinh(photons.reduce((a, b) => Math.max(a, b), 1) / LINEAR_COUNTS);
  const isMasked = (x: number, y: number) =>
    x >= 0 && x < side && y >= 0 && y < side && mask[Math.floor(y) * side + Math.floor(x)] === 1;
  const rgb = new Uint8Array(3 * size * size);
  for (let row = 0; row < size; row++) {
    const y = side - (row + 0.5) / ZOOM;
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / ZOOM;
      const step = 1 / ZOOM;
      const isEdge = isMasked(x, y) &&
        !(isMasked(x - step, y) && isMasked(x + step, y) && isMasked(x, y - step) &&
          isMasked(x, y + step));
      const fromCircle = Math.hypot(x - center.x, y - center.y) - radius;
      const n = photons[Math.floor(y) * side + Math.floor(x)]!;
      const level = Math.asinh(n / LINEAR_COUNTS) / most;
      const color = Math.abs(fromCircle) < step
        ? R500_COLOR
        : isEdge
        ? MASK_COLOR
        : colors[Math.min(RAMP_STEPS - 1, Math.floor(level * RAMP_STEPS))]!;
      rgb.set(color, 3 * (row * size + column));
    }
  }
  return { width: size, height: size, rgb };
}

/** The steps of the figures' color scale as numbers. */
function rampColors(): Color[] {
  return Array.from({ length: RAMP_STEPS }, (_, step) => {
    const text = rampColor("viridis", (step + 0.5) / RAMP_STEPS);
    const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1];
    if (digits === undefined) {
      throw new TypeError(`Cannot read color: it is ${text}, six hexadecimal digits are needed`);
    }
    return [0, 2, 4].map((i) => parseInt(digits.slice(i, i + 2), 16)) as unknown as Color;
  });
}
