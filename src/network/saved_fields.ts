/** The fields of a training's records in a file's header, checked when they are read. */
import { isProbit } from "../features/label_scale.ts";
import type { LinearScale, Normalization, ProbitScale } from "../features/normalization.ts";
import type { Epoch, InputWidths } from "../model.ts";
import type { NamedArrays } from "../numerics/arrays.ts";
import type { FieldKind } from "../numerics/fields.ts";
import { checkField, recordOf } from "../numerics/fields.ts";
import { sizeOfMap } from "../numerics/rank_map.ts";

const NUMBER: FieldKind = { kind: "number" };
const ABOVE_0: FieldKind = { kind: "number", above: 0 };
const NULL: FieldKind = { kind: "choice", of: [null] };
const WORD: FieldKind = { kind: "whole number", from: 0, below: 2 ** 32 };
const EPOCH: FieldKind = { kind: "whole number", from: 1 };

const LINEAR: FieldKind = recordOf<LinearScale>({ offset: NUMBER, scale: NUMBER });
const PROBIT: FieldKind = recordOf<ProbitScale>({
  kind: { kind: "choice", of: ["probit"] },
  min: NUMBER,
  max: NUMBER,
  step: ABOVE_0,
  shift: NUMBER,
  widening: ABOVE_0,
  ranks: { kind: "list", of: NUMBER, least: 0 },
}, ["ranks"]);

const NORMALIZATION: FieldKind = recordOf<Normalization>({
  pixels: { kind: "list", of: LINEAR, least: 1 },
  supplementary: { kind: "list", of: LINEAR, least: 0 },
  sigma8: { kind: "either", of: [PROBIT, LINEAR] },
  tie: LINEAR,
}, ["tie"]);

const HISTORY: FieldKind = {
  kind: "list",
  of: recordOf<Epoch>({
    epoch: EPOCH,
    trainMse: NUMBER,
    validationMse: NUMBER,
    selected: { kind: "boolean" },
  }),
  least: 1,
};

/** Fields of a training run's header; its experiment has a table of its own. */
const RUN: FieldKind = recordOf({
  experiment: { kind: "any" },
  normalization: NORMALIZATION,
  history: HISTORY,
  selectedEpoch: EPOCH,
});

/** Fields of a checkpoint's header; the choices are compared with the training that resumes. */
const CHECKPOINT: FieldKind = recordOf({
  origin: recordOf({
    features: { kind: "any" },
    architecture: { kind: "any" },
    schedule: { kind: "any" },
    key: { kind: "list", of: WORD, least: 2, most: 2 },
    data: { kind: "text" },
  }),
  history: HISTORY,
  selectedEpoch: { kind: "either", of: [NULL, EPOCH] },
});

/** Fields that the headers of runs and checkpoints share. */
interface Past {
  readonly history: readonly Epoch[];
  readonly selectedEpoch: number | null;
}

/**
 * Throws unless a header is a training run's.
 *
 * @throws {TypeError | RangeError} Naming the field, what it is and what it should be
 */
export function checkRunHeader(header: unknown): void {
  checkField(header, RUN, "read training run");
  checkPast(header as Past, "read training run");
}

/** Throws unless a header is a checkpoint's; errors are those of {@linkcode checkRunHeader}. */
export function checkCheckpointHeader(header: unknown): void {
  checkField(header, CHECKPOINT, "read checkpoint");
  checkPast(header as Past, "read checkpoint");
}

/** Throws unless the epochs follow one another and one of them is selected. */
function checkPast({ history, selectedEpoch }: Past, action: string): void {
  history.forEach(({ epoch }, i) => {
    if (epoch === i + 1) return;
    throw new RangeError(`Cannot ${action}: history.${i}.epoch is ${epoch}, expected ${i + 1}`);
  });
  if (selectedEpoch === null || selectedEpoch <= history.length) return;
  throw new RangeError(
    `Cannot ${action}: selectedEpoch is ${selectedEpoch}, expected at most ${history.length}, the epochs ` +
      "in history",
  );
}

/**
 * Throws unless a normalization has a scale for each input, none is 0, and its posteriors have densities.
 *
 * @throws {RangeError} Naming the field, what it is and what it should be
 */
export function checkNormalization(normalization: Normalization, inputs: InputWidths): void {
  for (const name of ["pixels", "supplementary"] as const) {
    const scales = normalization[name];
    if (scales.length !== inputs[name]) {
      throw new RangeError(
        `Cannot read training run: normalization.${name} is a list of ${scales.length}, expected ` +
          `${inputs[name]}, as many as the network's inputs`,
      );
    }
    const zero = scales.findIndex(({ scale }) => scale === 0);
    if (zero < 0) continue;
    throw new RangeError(
      `Cannot read training run: normalization.${name}.${zero}.scale is 0, expected another number`,
    );
  }
  const { sigma8 } = normalization;
  const size = isProbit(sigma8) ? sizeOfMap(sigma8.ranks ?? []) : 0;
  if (size < 1) return;
  throw new RangeError(
    `Cannot read training run: the sizes in normalization.sigma8.ranks add up to ${size}, expected less ` +
      "than 1, or densities could be negative",
  );
}

/**
 * Throws unless all numbers of some arrays are finite.
 *
 * @param action The verb of the message, as in "Cannot read"
 * @throws {RangeError} Naming the first that is not
 */
export function checkFinite(arrays: NamedArrays, action: string): void {
  for (const [name, { data }] of Object.entries(arrays)) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      throw new RangeError(
        `Cannot ${action}: ${name}[${i}] is ${data[i]}, expected a finite number`,
      );
    }
  }
}
