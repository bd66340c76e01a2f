/**
 * Adam's constants (Kingma and Ba 2015) for every engine; the kernel `learning.ts` repeats them.
 */

/** Decay of the moving mean of gradients, the first moment. */
export const FIRST_DECAY = 0.9;

/** Decay of the moving mean of squared gradients, the second moment. */
export const SECOND_DECAY = 0.999;

/** Added to the root of the second moment. */
export const EPSILON = 1e-8;
