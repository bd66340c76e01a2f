/** Networks of surveys on the sky that ship with the package. */
import { decodeSafetensors } from "../formats/safetensors.ts";
import { type SkyRun, skyRunFromArrays } from "../runs/sky_network.ts";
import { unpackBytes } from "./packing.ts";

/** Surveys for which a network ships. */
export type SkyNetworkName = "hiflugcs" | "hiflugcs-lensing";

/** `network.safetensors` of the networks' run folders, packed. */
const NETWORKS: Readonly<Record<SkyNetworkName, () => Promise<string>>> = {
  "hiflugcs": async () => (await import("./sky_hiflugcs.ts")).SKY_HIFLUGCS,
  "hiflugcs-lensing": async () => (await import("./sky_hiflugcs_lensing.ts")).SKY_HIFLUGCS_LENSING,
};

/** Surveys whose network ships. */
export const SKY_NETWORK_NAMES: readonly SkyNetworkName[] = Object.keys(
  NETWORKS,
) as SkyNetworkName[];

/** Whether the network of a survey ships. */
export function hasSkyNetwork(name: string): name is SkyNetworkName {
  return Object.hasOwn(NETWORKS, name);
}

/**
 * Loads the network of a survey.
 *
 * @throws {SyntaxError} If the bytes are damaged
 */
export async function loadSkyNetwork(name: SkyNetworkName): Promise<SkyRun> {
  return skyRunFromArrays(decodeSafetensors(await unpackBytes(await NETWORKS[name]())));
}
