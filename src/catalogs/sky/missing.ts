/** How columns of a catalog say that a value is missing. */

/** The error of a value that is missing: its variance, 1e6, leaves nothing of it in a likelihood. */
export const MISSING_ERROR = 1e3;

/** An error of a logarithm from here on says that the value was not measured. */
export const NOT_MEASURED = 100;
