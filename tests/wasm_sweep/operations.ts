/** Every operation that is compared. */
import { ARRAYS } from "./arrays.ts";
import { BORDERS } from "./borders.ts";
import { CONVOLUTIONS } from "./convolutions.ts";
import { CORNERS } from "./corners.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { LAYERS } from "./layers.ts";
import { POOLS } from "./pools.ts";
import { PRODUCTS } from "./products.ts";
import type { Programs } from "./program.ts";
import { REDUCTIONS_OVER_AXES } from "./reductions.ts";

export const OPERATIONS: Programs = {
  ...ELEMENTWISE,
  ...REDUCTIONS_OVER_AXES,
  ...ARRAYS,
  ...PRODUCTS,
  ...CONVOLUTIONS,
  ...POOLS,
  ...LAYERS,
  ...CORNERS,
  ...BORDERS,
};
