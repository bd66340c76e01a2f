/**
 * A safety reference as the bytes of a file, together with a checksum of the weights it was
 * measured with.
 */
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.ts";
import type { SafetyReference } from "../interpretation/safety/reference.ts";
import type { SafetyHeader } from "../interpretation/safety/storage.ts";
import {
  safetyReferenceFromArrays,
  safetyReferenceToArrays,
} from "../interpretation/safety/storage.ts";
import { openArrays, sealArrays } from "../network/saved_arrays.ts";

const KIND = "terse safety reference";

/** A reference, and the weights that it belongs to. */
export interface ReferenceFile {
  /** CRC-32 of the file of weights. */
  readonly weights: number;
  /** The safety reference. */
  readonly reference: SafetyReference;
}

/** A reference as `safety.safetensors`. */
export function encodeReference({ weights, reference }: ReferenceFile): Uint8Array<ArrayBuffer> {
  const { header, arrays } = safetyReferenceToArrays(reference);
  const sealed = sealArrays(KIND, { weights, ...header }, arrays);
  return encodeSafetensors(sealed.arrays, sealed.metadata);
}

/**
 * The reference of a file.
 *
 * @throws {SyntaxError | TypeError | RangeError} If the bytes are damaged or not a reference
 */
export function decodeReference(bytes: Uint8Array): ReferenceFile {
  const file = decodeSafetensors(bytes);
  const { weights, ...header } = openArrays(KIND, file) as SafetyHeader & { weights: number };
  return { weights, reference: safetyReferenceFromArrays({ header, arrays: file.arrays }) };
}
