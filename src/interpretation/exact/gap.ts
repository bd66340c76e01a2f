/** An answer that cannot be given, with the reason in place of a number. */

/** Why there is no answer. */
export interface Gap {
  /** One sentence without a full stop. */
  readonly gap: string;
}

/** Whether an answer is missing. */
export function isGap<T extends object>(answer: T | Gap): answer is Gap {
  return "gap" in answer;
}

/**
 * An answer, or a gap with the message where a value is out of its range. Other errors are faults of
 * the program and are thrown.
 */
export function orGap<T extends object>(answer: () => T): T | Gap {
  try {
    return answer();
  } catch (error) {
    if (error instanceof RangeError) return { gap: error.message };
    throw error;
  }
}
