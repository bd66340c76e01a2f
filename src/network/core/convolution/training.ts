/** From a batch to the gradients of its loss: forward and backward. */
import type { Objective } from "../losses.ts";
import { addTranspose } from "../products.ts";
import { addRegressionBackward } from "./backward.ts";
import { addEncoder, addJoin, addRegression } from "./forward.ts";
import type { ConvolutionSetting } from "./setting.ts";
import { addGradients } from "./weight_gradients.ts";

/**
 * Adds all that comes before the sum over shards.
 *
 * Threads meet after every part; with more shards than one, where each is a thread's alone, only
 * before and after all of them.
 */
export function addTrainingPass(setting: ConvolutionSetting, objective: Objective): void {
  const { plan, program, layers } = setting;
  const isCut = plan.shards.length > 1;
  addTranspose(setting, layers.all.slice(1));
  if (isCut) program.barrier();
  addEncoder(setting);
  if (plan.areShared) program.barrier();
  addJoin(setting, "encoded");
  if (!isCut) program.barrier();
  addRegression(setting);
  addRegressionBackward(setting, objective);
  if (!isCut) program.barrier();
  addGradients(setting);
  program.barrier();
}
