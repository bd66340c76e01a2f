/**
 * The operations of the WASM core and the kinds that select a variant: the one list that both sides
 * read, the TypeScript that writes programs and the AssemblyScript that runs them.
 */

/** Bytes of one operation: its code, its thread (-1: every thread), and up to 22 arguments. */
export const OPERATION_BYTES = 96;

/** Ends the program, after all threads have arrived. */
export const END = 0;
/** Every thread waits for the others. */
export const BARRIER = 1;
/** Copies rows of pixels to panels of 8. */
export const INPUT = 2;
/** Multiplies rows by weights, or a gradient by transposed weights. */
export const PRODUCT = 3;
/** Drops units in training. */
export const DROPOUT = 4;
/** Joins terse values and supplementary columns to the first convolution's input. */
export const JOIN = 5;
/** Takes the gradient of the terse values from that of the first convolution's input. */
export const SPLIT = 6;
/** Zeroes rows before and after each catalog. */
export const CLEAR = 7;
/** Pools neighboring rows. */
export const POOL = 8;
/** Gradient of POOL, and of the leaky ReLU before it. */
export const UNPOOL = 9;
/** Pools over all rows of a catalog. */
export const GLOBAL = 10;
/** Gradient of GLOBAL. */
export const UNGLOBAL = 11;
/** Computes loss and gradient of each catalog's outputs. */
export const LOSS = 12;
/** Transposes weights for the input gradient. */
export const TRANSPOSE = 13;
/** Computes the gradient of a layer's kernel and bias. */
export const WEIGHTS = 14;
/** Sums squares of the gradient. */
export const NORM = 15;
/** Updates the weights by the optimizer. */
export const UPDATE = 16;
/** PRODUCT in tiles of 16 outputs. */
export const WIDE_PRODUCT = 17;
/** Adds the gradients of later shards to those of the first. */
export const SUM = 18;
/** Computes terse and supplementary values and their deviations from the catalog's mean. */
export const DEVIATE = 19;
/** Gradient of DEVIATE, back to the terse values. */
export const UNDEVIATE = 20;
/** Computes sines and cosines of the terse value's deviation. */
export const PERIODIC = 21;
/** Computes the number of clusters and means over them, for the layers of a whole catalog. */
export const DESCRIBE = 22;
/** Computes sums or means over the clusters of each catalog. */
export const GATHER = 23;
/** Copies a catalog's values to all its clusters, or spreads the gradient of their mean. */
export const SPREAD = 24;
/** Computes the loss that ties terse values to a column, and its gradient. */
export const TIE = 25;
/** Copies panels of 8 to rows. */
export const OUTPUT = 26;

/** Lets every thread take units of work until none is left; see `assembly/units.ts`. */
export const UNITS = 27;
/** Within a unit: waits until the units before it in its shard are done. */
export const AWAIT = 28;

/** Begins operations that are done by the first thread that comes by, and skipped by the others. */
export const CLAIM = 29;

/** Bytes of a unit's record: its fields, and room. */
export const UNIT_BYTES = 64;
/** The field of a unit that stands for the thread's own space; its record does not have it. */
export const SLOT_FIELD = 15;
/** Bytes of the counters of a shard's units: those taken, and a cache line later those done. */
export const COUNTER_BYTES = 128;
export const DONE = 64;

/** Function after a product: none. */
export const LINEAR = 0;
/** Function after a product: the leaky ReLU. */
export const LEAKY = 1;
/** Function after a product: the slope of an activation. */
export const MASKED = 2;
/** Function after a product: as MASKED, but zero where the activation is zero, a dropped unit. */
export const DROPPED = 3;

/** Pooling by the mean. */
export const MEAN = 0;
/** Pooling by the maximum. */
export const MAX = 1;
/** Pooling by mean and maximum, joined with the mean first. */
export const MEAN_MAX = 2;

/** Loss: mean absolute error. */
export const MAE = 0;
/** Loss: mean squared error. */
export const MSE = 1;
/** Loss: Gaussian likelihood of one label. */
export const GAUSSIAN = 2;
export const JOINT_GAUSSIAN = 3;

/** Optimizer: stochastic gradient descent. */
export const SGD = 0;
/** Optimizer: Adam; its weight decay may be zero. */
export const ADAM = 1;

/** Number of elements whose squares are summed together for the gradient's norm. */
export const NORM_BLOCK = 4096;

/** Word of the control block at {@linkcode CONTROL}: number of the job. */
export const JOB = 0;
/** Word of the control block: address of the job's program; 0 ends the worker. */
export const PROGRAM = 4;
/** Word of the control block: number of threads of the job. */
export const THREADS = 8;
/** Word of the control block: number of threads at the barrier. */
export const ARRIVED = 64;
/** Word of the control block: number of barriers passed. */
export const PASSED = 128;
/** Word of the control block: flag that a thread has failed. */
export const FAILED = 192;

/** Offset in the control block of 64 zero bytes. */
export const ZEROS = 256;

/** Address of the control block; below it lies the module's own static data. */
export const CONTROL = 16384;
/** First address that networks may use. */
export const HEAP = 20480;
