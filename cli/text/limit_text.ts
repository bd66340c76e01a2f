/** What `limit` prints for people. */
import { counted } from "../../src/numerics/counted.ts";
import type { WeakLensingUse } from "../../src/evaluation/likelihood.ts";
import type { InformationLimit } from "../../src/evaluation/posterior.ts";

/** The limit and what supports it. */
export function formatLimit(weakLensing: WeakLensingUse, limit: InformationLimit): string {
  const { count, width, widthError, scatter, scatterError, bias } = limit;
  const { agreement, agreementError, unconverged, effectiveSamples } = limit;
  return [
    `Information limit of sigma8 ${weakLensing}, ${counted(count, "catalog")}`,
    `width      ${width.toFixed(4)} +- ${widthError.toFixed(4)}  rms of the posteriors`,
    `scatter    ${scatter.toFixed(4)} +- ${scatterError.toFixed(4)}  posterior mean minus truth`,
    `agreement  ${agreement.toFixed(3)} +- ${agreementError.toFixed(3)}  scatter / width`,
    `bias       ${bias < 0 ? "" : "+"}${bias.toFixed(4)}`,
    `${unconverged} of ${counted(count, "posterior")} did not converge; ` +
    `${Math.round(effectiveSamples)} independent samples each (median)`,
  ].join("\n");
}
