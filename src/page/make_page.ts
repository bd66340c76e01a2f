/** Makes the page from the networks that the package holds. */
import { packBytes, unpackText } from "../pretrained/packing.ts";
import type { PretrainedName } from "../pretrained/pretrained.ts";
import { loadPacked } from "../pretrained/pretrained.ts";
import type { NetworkFacts } from "../runs/observed_prediction.ts";
import { joinPage } from "./html.ts";
import type { PackedNetwork } from "./protocol.ts";

/** A network of the user's own, from its run folder. */
export interface OwnNetwork extends Omit<NetworkFacts, "backend"> {
  /** What the network reads, in words. */
  readonly title: string;
  /** The bytes of `weights.safetensors`. */
  readonly weights: Uint8Array;
  /** The bytes of `safety.safetensors`. */
  readonly reference: Uint8Array;
}

/** Titles of the networks that ship. */
const TITLES: Readonly<Record<PretrainedName, string>> = {
  compact: "all that the paper uses: luminosity, temperature, gas profiles, weak lensing",
  global: "luminosity, temperature and gas mass only",
};

/**
 * Makes a page that predicts with the networks that ship, or with a network of the user's own
 * before them.
 *
 * @example
 * ```ts
 * import { makePage } from "@clusters/terse/page";
 * import { assertLess, assertStringIncludes } from "@std/assert";
 *
 * const page = await makePage({ version: "1.0" });
 * assertStringIncludes(page, "default-src 'none'");
 * assertLess(page.length, 2e6);
 * ```
 *
 * @param options The version that the page shows, and a network of the user's own
 * @returns HTML; the same options give the same bytes
 */
export async function makePage(
  { version, own }: { readonly version: string; readonly own?: OwnNetwork },
): Promise<string> {
  const { PROGRAM, WORKER } = await import("./browser_code.ts");
  const names = Object.keys(TITLES) as PretrainedName[];
  const networks = await Promise.all(names.map(async (name): Promise<PackedNetwork> => {
    const { provenance, weights, reference } = await loadPacked(name);
    const known = { run: null, scatter: provenance.fresh.scatter, faithfulness: null };
    return { name, title: TITLES[name], ...known, weights, reference };
  }));
  const first = own === undefined ? [] : [{
    ...own,
    name: own.run ?? "",
    weights: await packBytes(own.weights),
    reference: await packBytes(own.reference),
  }];
  return await joinPage({
    program: await unpackText(PROGRAM),
    worker: WORKER,
    networks: [...first, ...networks],
    version,
  });
}
