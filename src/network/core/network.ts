/**
 * A network on the core: weights in its memory, and the verbs of {@linkcode Network} as programs.
 *
 * @module
 */
import type { Batch } from "../../features/dataset.ts";
import type { Loss, LossGradients, Network, StepOptions } from "../../model.ts";
import type { NamedArrays } from "../../numerics/arrays.ts";
import { checkWeights, weightShapes } from "../weights.ts";
import { addEncoderBackward } from "./backward.ts";
import { BatchMemory } from "./batch_memory.ts";
import { runParts } from "./batch_parts.ts";
import type { Reads } from "./checks.ts";
import {
  checkArchitecture,
  checkBatch,
  checkLoss,
  checkOptimizerState,
  checkShards,
} from "./checks.ts";
import type { Core } from "./core.ts";
import { addEncoder, addJoin, addRegression } from "./forward.ts";
import type { CoreLayers } from "./layers.ts";
import { placeLayers } from "./layers.ts";
import type { NetworkForm } from "./network_form.ts";
import { NetworkMemory } from "./network_memory.ts";
import type { Plan } from "./plan.ts";
import type { PlanRequest } from "./plan_request.ts";
import { addTranspose } from "./products.ts";
import { Program } from "./program.ts";
import { readLoss, readPanels, readRows } from "./readback.ts";
import type { Setting } from "./setting.ts";
import { addTrainingPass } from "./training_pass.ts";
import { addUpdate } from "./update.ts";

/** How a batch is taken if nothing else is said: all of it is read, and not cut into shards. */
const WHOLE: { readonly reads: Reads; readonly shards: number } = {
  reads: ["pixels", "supplementary"],
  shards: 1,
};

/**
 * A network with these weights.
 *
 * @throws {RangeError} If a width is not a whole number from 1 on, or memory cannot be had
 * @throws {TypeError} If the weights are not those of the architecture
 */
export function createCoreNetwork(core: Core, form: NetworkForm, weights: NamedArrays): Network {
  checkArchitecture(form);
  checkWeights(weights, form.architecture, form.inputs);
  return new CoreNetwork(core, form, weights);
}

class CoreNetwork implements Network {
  readonly #core: Core;
  readonly #form: NetworkForm;
  readonly #layers: CoreLayers;
  readonly #networkMemory: NetworkMemory;
  readonly #batchMemory: BatchMemory;
  readonly #program: Program;
  #isDisposed = false;

  constructor(core: Core, form: NetworkForm, weights: NamedArrays) {
    this.#core = core;
    this.#form = form;
    this.#layers = placeLayers(form.architecture, form.inputs);
    this.#networkMemory = new NetworkMemory(core.memory, this.#layers, weights);
    this.#batchMemory = new BatchMemory(core.memory);
    this.#program = new Program(core.memory);
  }

  step(batch: Batch, options: StepOptions): Promise<{ loss: number; outputs: Float32Array }> {
    return settle(() => {
      const setting = this.#prepareTraining(batch, options);
      this.#addGradients(setting, batch, options.loss);
      const memory = this.#networkMemory;
      const isAdam = options.optimizer.kind !== "sgd";
      const first = isAdam ? memory.moment("first") : 0;
      const second = isAdam ? memory.moment("second") : 0;
      addUpdate(setting, { first, second, step: memory.steps + 1, options });
      this.#core.run(setting.program);
      const loss = readLoss(this.#core.memory, setting.plan);
      memory.steps++;
      return { loss, outputs: this.#readOutputs(setting.plan) };
    });
  }

  gradients(
    batch: Batch,
    options: Pick<StepOptions, "loss" | "dropoutKey" | "shards">,
  ): Promise<LossGradients> {
    return settle(() => {
      const setting = this.#prepareTraining(batch, options);
      this.#addGradients(setting, batch, options.loss);
      this.#core.run(setting.program);
      return {
        loss: readLoss(this.#core.memory, setting.plan),
        outputs: this.#readOutputs(setting.plan),
        gradients: this.#networkMemory.readGradients(),
      };
    });
  }

  predict(batch: Batch): Promise<Float32Array> {
    return settle(() =>
      runParts(batch, this.#form.inputs, (part) => {
        const setting = this.#prepare(part, "inference", null);
        this.#write(setting.plan.pixels, part.pixels);
        addEncoder(setting);
        return this.#regress(setting, part, "encoded");
      })
    );
  }

  regress(batch: Batch, terse: Float32Array): Promise<Float32Array> {
    return settle(() => {
      const rows = batch.rowOffsets[batch.count]!;
      if (terse.length !== rows) {
        throw new TypeError(
          `Cannot regress: there are ${terse.length} terse values, the batch has ${rows} rows`,
        );
      }
      return runParts(batch, this.#form.inputs, (part, first) => {
        const setting = this.#prepare(part, "inference", null, {
          ...WHOLE,
          reads: ["supplementary"],
        });
        this.#write(setting.plan.terse, terse.subarray(first, first + setting.plan.rows));
        return this.#regress(setting, part, "given");
      });
    });
  }

  encode(batch: Batch): Promise<Float32Array> {
    return settle(() =>
      runParts(batch, this.#form.inputs, (part) => {
        const setting = this.#prepare(part, "inference", null);
        this.#write(setting.plan.pixels, part.pixels);
        addEncoder(setting);
        this.#core.run(setting.program);
        const layer = this.#layers.encoder.length;
        return readRows(this.#core.memory, setting.plan, (chunk) =>
          setting.plan.hidden(layer, chunk), 1);
      })
    );
  }

  encoderGradient(batch: Batch): Promise<Float32Array> {
    return settle(() =>
      runParts(batch, this.#form.inputs, (part) => {
        const setting = this.#prepare(part, "training", null);
        const { plan, program } = setting;
        this.#write(plan.pixels, part.pixels);
        addTranspose(setting, this.#layers.encoder);
        addEncoder(setting);
        program.barrier();
        addEncoderBackward(setting, "ones", "pixels");
        this.#core.run(program);
        return readRows(this.#core.memory, plan, (chunk) =>
          plan.hiddenGradient(0, chunk), this.#form.inputs.pixels);
      })
    );
  }

  weights(): Promise<NamedArrays> {
    return settle(() => {
      this.#check();
      return this.#networkMemory.readWeights();
    });
  }

  optimizerState(): Promise<NamedArrays> {
    return settle(() => {
      this.#check();
      return this.#networkMemory.readOptimizer();
    });
  }

  load(weights: NamedArrays, optimizerState?: NamedArrays): Promise<void> {
    return settle(() => {
      this.#check();
      const { architecture, inputs } = this.#form;
      checkWeights(weights, architecture, inputs);
      if (optimizerState) checkOptimizerState(optimizerState, weightShapes(architecture, inputs));
      this.#networkMemory.writeWeights(weights);
      if (optimizerState) this.#networkMemory.writeOptimizer(optimizerState);
    });
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#networkMemory.free();
    this.#batchMemory.free();
  }

  #check(): void {
    if (this.#isDisposed) {
      throw new TypeError("Cannot use the network: it is disposed, a new one must be created");
    }
  }

  #write(address: number, values: Float32Array): void {
    this.#core.memory.floats.set(values, address / 4);
  }

  #prepareTraining(
    batch: Batch,
    { loss, dropoutKey, shards = 1 }: Pick<StepOptions, "loss" | "dropoutKey" | "shards">,
  ): Setting {
    checkLoss(loss, this.#form.architecture);
    checkShards(shards);
    return this.#prepare(batch, "training", dropoutKey, { ...WHOLE, shards });
  }

  /** Lays a batch out and begins a program for it. */
  #prepare(
    batch: Batch,
    purpose: PlanRequest["purpose"],
    dropoutKey: StepOptions["dropoutKey"],
    { reads, shards }: { readonly reads: Reads; readonly shards: number } = WHOLE,
  ): Setting {
    this.#check();
    checkBatch(batch, this.#form.inputs, reads);
    const request: PlanRequest = {
      architecture: this.#form.architecture,
      widths: this.#form.inputs,
      layers: this.#layers,
      rowOffsets: batch.rowOffsets.subarray(0, batch.count + 1),
      threads: this.#core.threads,
      shards,
      purpose,
    };
    const { weights, gradients } = this.#networkMemory;
    const plan = this.#batchMemory.plan(request);
    this.#program.clear();
    return {
      architecture: this.#form.architecture,
      layers: this.#layers,
      weights,
      gradients,
      plan,
      program: this.#program,
      tile: this.#core.tile,
      dropoutKey,
    };
  }

  #addGradients(setting: Setting, batch: Batch, loss: Loss): void {
    const { plan } = setting;
    this.#write(plan.pixels, batch.pixels);
    this.#write(plan.supplementary, batch.supplementary);
    this.#write(plan.labels, batch.labels);
    addTrainingPass(setting, this.#form.inputs.supplementary, loss);
  }

  #regress(setting: Setting, batch: Batch, terse: "encoded" | "given"): Float32Array {
    this.#write(setting.plan.supplementary, batch.supplementary);
    addJoin(setting, this.#form.inputs.supplementary, terse);
    setting.program.barrier();
    addRegression(setting);
    this.#core.run(setting.program);
    return this.#readOutputs(setting.plan);
  }

  #readOutputs({ dense, count }: Plan): Float32Array {
    const width = this.#layers.dense.at(-1)!.outputs;
    return readPanels(this.#core.memory, dense.at(-1)!, count, width);
  }
}

function settle<T>(compute: () => T): Promise<T> {
  return new Promise((resolve) => resolve(compute()));
}
