/** Table 3's regression on the core: sorted rows and convolutions. */
import type { Passes } from "../passes.ts";
import { addTranspose } from "../products.ts";
import { readPanels, readRows } from "../readback.ts";
import { addEncoderBackward } from "./backward.ts";
import { addEncoder, addJoin, addRegression } from "./forward.ts";
import type { ConvolutionPlan } from "./plan.ts";
import { planBatch } from "./plan.ts";
import type { ConvolutionSetting } from "./setting.ts";
import { addTrainingPass } from "./training.ts";

/** The passes of the convolutions; see {@linkcode Passes}. */
export const CONVOLUTION_PASSES: Passes<ConvolutionPlan> = {
  plan: planBatch,
  addTraining: addTrainingPass,
  addPrediction(setting) {
    addEncoder(setting);
    regress(setting, "encoded");
  },
  addRegression(setting) {
    regress(setting, "given");
  },
  addEncoding: addEncoder,
  addEncoderGradient(setting) {
    addTranspose(setting, setting.layers.encoder);
    addEncoder(setting);
    setting.program.barrier();
    addEncoderBackward(setting, "ones", "pixels");
  },
  readOutputs({ memory, plan, layers }) {
    return readPanels(memory, plan.dense.at(-1)!, plan.count, layers.dense.at(-1)!.outputs);
  },
  readTerse({ memory, plan, layers }) {
    return readRows(memory, plan, (chunk) => plan.hidden(layers.encoder.length, chunk), 1);
  },
  readEncoderGradient({ memory, plan, layers }) {
    const [width] = layers.encoder[0]!.inputs as [number];
    return readRows(memory, plan, (chunk) => plan.hiddenGradient(0, chunk), width);
  },
};

function regress(setting: ConvolutionSetting, terse: "encoded" | "given"): void {
  addJoin(setting, terse);
  setting.program.barrier();
  addRegression(setting);
}
