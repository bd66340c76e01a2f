/**
 * The operations of the WASM core and the kinds that select a variant: the one list that both sides
 * read, the TypeScript that writes programs and the AssemblyScript that runs them.
 *
 * @module
 */

/** Bytes of one operation: its code, its thread (-1: every thread), and up to 22 arguments. */
export const OPERATION_BYTES = 96;

/** Ends the program, when all threads have come here. */
export const END = 0;
/** Every thread waits for the others. */
export const BARRIER = 1;
/** Rows of pixels to panels of 8. */
export const INPUT = 2;
/** Rows times weights, or a gradient times transposed weights. */
export const PRODUCT = 3;
/** Drops units in training. */
export const DROPOUT = 4;
/** Terse values and supplementary columns to the first convolution's input. */
export const JOIN = 5;
/** The gradient of the terse values, out of that of the first convolution's input. */
export const SPLIT = 6;
/** Zero rows before and after each catalog. */
export const CLEAR = 7;
/** Pooling of neighboring rows. */
export const POOL = 8;
/** Gradient of POOL, and of the leaky ReLU before it. */
export const UNPOOL = 9;
/** Pooling over all rows of a catalog. */
export const GLOBAL = 10;
/** Gradient of GLOBAL. */
export const UNGLOBAL = 11;
/** Loss and gradient of each catalog's outputs. */
export const LOSS = 12;
/** Transposes weights for the input gradient. */
export const TRANSPOSE = 13;
/** Gradient of a layer's kernel and bias. */
export const WEIGHTS = 14;
/** Sums of squares of the gradient. */
export const NORM = 15;
/** The optimizer's update. */
export const UPDATE = 16;
/** PRODUCT in tiles of 16 outputs. */
export const WIDE_PRODUCT = 17;
/** Adds the gradients of later shards to those of the first. */
export const SUM = 18;
/** Terse and supplementary values and their deviations from the catalog's mean. */
export const DEVIATE = 19;
/** Gradient of DEVIATE, back to the terse values. */
export const UNDEVIATE = 20;
/** Sines and cosines of the terse value's deviation. */
export const PERIODIC = 21;
/** The number of clusters and means over them, for the layers of a whole catalog. */
export const DESCRIBE = 22;
/** Sums or means over the clusters of each catalog. */
export const GATHER = 23;
/** A catalog's values to all its clusters, or the gradient of their mean. */
export const SPREAD = 24;
/** The loss that ties terse values to a column, and its gradient. */
export const TIE = 25;
/** Panels of 8 to rows. */
export const OUTPUT = 26;

/** What follows a product: nothing, the leaky ReLU, or an activation's slope. */
export const LINEAR = 0;
/** See {@linkcode LINEAR}. */
export const LEAKY = 1;
/** See {@linkcode LINEAR}. */
export const MASKED = 2;
/** MASKED, and zero where the activation is zero: a dropped unit. */
export const DROPPED = 3;

/** Poolings; `MEAN_MAX` joins both, mean first. */
export const MEAN = 0;
/** See {@linkcode MEAN}. */
export const MAX = 1;
/** See {@linkcode MEAN}. */
export const MEAN_MAX = 2;

/** Losses. */
export const MAE = 0;
/** See {@linkcode MAE}. */
export const MSE = 1;
/** See {@linkcode MAE}. */
export const GAUSSIAN = 2;
export const JOINT_GAUSSIAN = 3;

/** Optimizers; Adam with a weight decay of zero is Adam. */
export const SGD = 0;
/** See {@linkcode SGD}. */
export const ADAM = 1;

/** Elements whose squares are summed together for the gradient's norm. */
export const NORM_BLOCK = 4096;

/** Words of the control block at {@linkcode CONTROL}: the job's number, */
export const JOB = 0;
/** its program's address (0: the worker ends), */
export const PROGRAM = 4;
/** its number of threads, */
export const THREADS = 8;
/** threads that have come to the barrier, */
export const ARRIVED = 64;
/** barriers passed, */
export const PASSED = 128;
/** and a flag that is set when a thread has failed. */
export const FAILED = 192;

/** 64 bytes that are zero. */
export const ZEROS = 256;

/** Address of the control block; below it lies the module's own static data. */
export const CONTROL = 16384;
/** The first address that networks may use. */
export const HEAP = 20480;
