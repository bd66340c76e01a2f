/**
 * The effect of each cluster on the answer: the network's leave-one-out changes against the exact
 * ones.
 */
import { correlation } from "../../numerics/statistics.ts";
import { type Box, cornerText, createPanel, drawPanel } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { drawPoints, drawSegment, type SeriesStyle, zipPoints } from "../marks.ts";
import { domainOf } from "../scale.ts";
import { svgDocument } from "../svg.ts";

/** Changes when each cluster is left out, in posterior widths, in the catalog's order. */
export interface SkyLeaveOneOut {
  /** Changes by the explicit likelihood. */
  readonly exact: readonly number[];
  /** Changes by the network. */
  readonly network: readonly number[];
}

const EQUAL: SeriesStyle = { color: "muted", width: 1, dash: "dotted" };

/** Draws S8 on the left and omegaM on the right. */
export function drawSkyLeaveOneOut(S8: SkyLeaveOneOut, omegaM: SkyLeaveOneOut): Figure {
  const draw = (id: string, x: number, name: string, { exact, network }: SkyLeaveOneOut) => {
    const box: Box = { x, y: 20, width: 330, height: 300 };
    const domain = domainOf([exact, network, [0]]);
    const panel = createPanel(
      `sky-left-out-${id}`,
      box,
      { label: `exact change of ${name} [widths]`, domain, ticks: 5 },
      { label: `network's change of ${name} [widths]`, domain },
    );
    return drawPanel(panel, [
      drawSegment(panel, [domain[0], domain[0]], [domain[1], domain[1]], EQUAL),
      drawPoints(panel, zipPoints(exact, network), { color: "purple", opacity: 0.7 }),
    ], { over: [cornerText(panel, `r = ${correlation(exact, network).toFixed(2)}`)] });
  };
  return {
    svg: svgDocument({ width: 860, height: 380 }, "Leave-one-out of the network and exact", [
      draw("s8", 80, "S_8", S8),
      draw("omega-m", 510, "Ω_m", omegaM),
    ]),
    columns: {
      left_out: {
        exact_s8: S8.exact,
        network_s8: S8.network,
        exact_omega_m: omegaM.exact,
        network_omega_m: omegaM.network,
      },
    },
  };
}
