/** The quotable numbers of a network's faithfulness. */
import type { Headlines } from "../columns.ts";
import { isGap } from "../exact/gap.ts";
import type { Faithfulness } from "./faithfulness.ts";

/** Scores by name; `null` for those that a gap stands in for. */
export function faithfulnessHeadlines(scores: Faithfulness): Headlines {
  const { leaveOneOut, saliency, proxy, weights } = scores;
  const change = isGap(leaveOneOut) ? null : leaveOneOut;
  const gradient = isGap(saliency) ? null : saliency;
  const fit = isGap(proxy) ? null : proxy;
  const ratio = isGap(weights) ? null : weights;
  return {
    "leave one out r": change?.r ?? null,
    "leave one out slope": change?.slope ?? null,
    "leave one out noise": change?.noise ?? null,
    "raw cosine": gradient?.rawCosine ?? null,
    "projected cosine": gradient?.projectedCosine ?? null,
    "off manifold": gradient?.offManifold ?? null,
    "proxy within catalogs percent": fit?.withinCatalogs ?? null,
    "r(terse, log M) within catalogs": fit?.rWithinCatalogs ?? null,
    "weight T : Mgas": ratio?.found ?? null,
  };
}
