/** An observation in words. */
import type { Measured, ObservationRecord } from "../../src/runs/observation_record.ts";

/** What an observation found, for people. */
export function formatObservation(
  cluster: number,
  found: ObservationRecord & { readonly logMass: number },
): string {
  const { logMass, r500, core, photons, maskedShare, regions, quality, reason, fit } = found;
  const patches = `${regions.length} patch${regions.length === 1 ? "" : "es"}`;
  return [
    `Cluster ${cluster}: 10^${logMass.toFixed(2)} Msun/h, R500 ${
      r500.toFixed(3)
    } Mpc/h, ${core} core`,
    `${photons} photons, ${(100 * maskedShare).toFixed(1)}% of the field masked in ${patches}`,
    `Quality: ${quality}, ${reason}`,
    ...(fit ? [describeFit(fit)] : []),
    "",
    "              log M_gas  error   true  pull     slope  error   true  pull",
    `inside R500 ${columns(found.logGasMass, 10, 3)}`,
    ...found.shells.map(({ edge, logGasMass, slope }) =>
      `to ${edge.toFixed(3)} R500${columns(logGasMass, 9, 3)}${columns(slope, 10, 2)}`
    ),
  ].join("\n");
}

function describeFit({ converged, deviance, degreesOfFreedom, candidates }: Fit): string {
  const inner = candidates.find(({ parameters }) => parameters.innerBeta!.error > 0);
  return `Fit: ${converged ? "converged" : "did not converge"}, deviance ${
    deviance.toFixed(1)
  } for ` +
    `${degreesOfFreedom} degrees of freedom` +
    (inner ? `; an inner part with probability ${inner.probability.toFixed(2)}` : "");
}

type Fit = NonNullable<ObservationRecord["fit"]>;

/** Value, error, truth, and how many errors the value is off. */
function columns({ value, error, truth }: Measured, width: number, digits: number): string {
  if (value === null || error === null) {
    return `${"-".padStart(width)}${"-".padStart(7)}${truth.toFixed(digits).padStart(7)}${
      "-".padStart(6)
    }`;
  }
  const pull = (value - truth) / error;
  return value.toFixed(digits).padStart(width) + error.toFixed(3).padStart(7) +
    truth.toFixed(digits).padStart(7) +
    `${pull < 0 ? "" : "+"}${pull.toFixed(1)}`.padStart(6);
}
