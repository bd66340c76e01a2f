/**
 * Error distributions of mass proxies: the terse value, gas mass and Y_X (Fig. 16), and the best
 * combination of temperature and gas mass.
 */
import type { MassProxy, ProxyName } from "../../interpretation/mass_proxy.ts";
import { createPanel, drawPanel, note } from "../chart.ts";
import type { Figure } from "../figure.ts";
import { drawLegend } from "../legend.ts";
import type { SeriesStyle } from "../marks.ts";
import { drawLine, drawRule, zipPoints } from "../marks.ts";
import { domainFromZero } from "../scale.ts";
import { svgDocument } from "../svg.ts";

/** A proxy of Fig. 16, or the optimum next to them. */
export type DrawnProxy = MassProxy<ProxyName | "optimal">;

const STYLES: Readonly<Record<DrawnProxy["proxy"], SeriesStyle & { readonly label: string }>> = {
  optimal: { label: "best of T, M_{gas}", color: "sky", width: 8 },
  terse: { label: "terse", color: "purple", dash: "dotted", width: 3 },
  logGasMass: { label: "M_{gas}", color: "lime", dash: "dashed", width: 2 },
  logYx: { label: "Y_X", color: "teal", width: 2 },
};

/** Range of errors that is shown, in ln M; the CSV has all of them. */
const SHOWN = 0.8;

/** Draws Fig. 16; proxies that do not vary are left out. */
export function drawMassProxies(proxies: readonly DrawnProxy[]): Figure {
  const panel = createPanel(
    "figure-16",
    { x: 78, y: 20, width: 460, height: 330 },
    { label: "Δ ln(M_{500}), mean of each catalog removed", domain: [-SHOWN, SHOWN] },
    { label: "PDF", domain: domainFromZero(proxies.map(({ density }) => density)) },
  );
  const lines = proxies.map(({ proxy, error, density }) =>
    drawLine(panel, zipPoints(error, density), STYLES[proxy])
  );
  const legend = proxies.map(({ proxy, scatterPercent }) => ({
    label: `${STYLES[proxy].label}: ${scatterPercent.toFixed(1)}%`,
    style: STYLES[proxy],
  }));
  const marks = proxies.length === 0
    ? [note(panel, "no proxy could be fitted")]
    : [drawRule(panel, "x", 0, { color: "muted", dash: "dotted", width: 1 }), ...lines];
  return {
    svg: svgDocument(
      { width: 560, height: 410 },
      "Error distributions of mass proxies",
      [drawPanel(panel, marks, { over: [drawLegend(panel, legend, "top right")] })],
    ),
    columns: {
      errors: {
        lnMassError: proxies[0]?.error ?? [],
        ...Object.fromEntries(proxies.map(({ proxy, density }) => [`density_${proxy}`, density])),
      },
    },
  };
}
