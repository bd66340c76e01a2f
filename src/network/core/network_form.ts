/**
 * What a network is, apart from its weights.
 *
 * @module
 */
import type { Architecture, InputWidths } from "../../model.ts";

/** What a network is: its layers, and the widths of its inputs. */
export interface NetworkForm {
  readonly architecture: Architecture;
  readonly inputs: InputWidths;
}
