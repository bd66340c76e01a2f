/**
 * A network on the core: weights in its memory, and the verbs of {@linkcode Network} as programs.
 */
import type { Batch } from "../../features/dataset.ts";
import type { LossGradients, Network, StepOptions } from "../../model.ts";
import type { NamedArrays } from "../../numerics/arrays.ts";
import type { NetworkForm, Reads } from "../checks.ts";
import { ALL_INPUTS, checkBatch, checkLoss, checkOptimizerState, checkTie } from "../checks.ts";
import { checkWeights, weightShapes } from "../weights.ts";
import { BatchMemory } from "./batch_memory.ts";
import { runParts } from "./batch_parts.ts";
import type { BatchPlan } from "./batch_plan.ts";
import { checkArchitecture, checkShards } from "./checks.ts";
import { CONVOLUTION_PASSES } from "./convolution/passes.ts";
import type { Core } from "./core.ts";
import type { CoreLayers } from "./layers.ts";
import { placeLayers } from "./layers.ts";
import { NetworkMemory } from "./network_memory.ts";
import type { Passes } from "./passes.ts";
import { writeInputs } from "./passes.ts";
import type { PlanRequest } from "./plan_request.ts";
import { Program } from "./program.ts";
import { readLoss } from "./readback.ts";
import { SET_PASSES } from "./set/passes.ts";
import type { Setting } from "./setting.ts";
import { addSum, addUpdate } from "./update.ts";

/** Options of a step that affect its gradients. */
type GradientOptions = Pick<StepOptions, "loss" | "dropoutKey" | "shards" | "tieWeight">;

/** Placeholder for arrays of a batch that an operation does not read. */
const NONE = new Float32Array(0);

/** Default use of a batch: all of it is read, without shards. */
const WHOLE: { readonly reads: Reads; readonly shards: number } = {
  reads: ALL_INPUTS,
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
  return form.architecture.regression === "set"
    ? new CoreNetwork(core, form, weights, SET_PASSES)
    : new CoreNetwork(core, form, weights, CONVOLUTION_PASSES);
}

class CoreNetwork<P extends BatchPlan> implements Network {
  readonly #core: Core;
  readonly #form: NetworkForm;
  readonly #passes: Passes<P>;
  readonly #layers: CoreLayers;
  readonly #networkMemory: NetworkMemory;
  readonly #batchMemory: BatchMemory<P>;
  readonly #program: Program;
  #isDisposed = false;

  constructor(core: Core, form: NetworkForm, weights: NamedArrays, passes: Passes<P>) {
    this.#core = core;
    this.#form = form;
    this.#passes = passes;
    this.#layers = placeLayers(form.architecture, form.inputs);
    this.#networkMemory = new NetworkMemory(core.memory, this.#layers, weights);
    this.#batchMemory = new BatchMemory(core.memory);
    this.#program = new Program(core.memory);
  }

  /** Writes the step and begins it; this thread joins the others when it waits for the promise. */
  async step(
    batch: Batch,
    options: StepOptions,
  ): Promise<{ loss: number; outputs: Float32Array }> {
    const setting = this.#prepareTraining(batch, options);
    const memory = this.#networkMemory;
    const isAdam = options.optimizer.kind !== "sgd";
    const first = isAdam ? memory.moment("first") : 0;
    const second = isAdam ? memory.moment("second") : 0;
    addUpdate(setting, { first, second, step: memory.steps + 1, options });
    const finish = this.#core.begin(setting.program, () => {
      const loss = readLoss(this.#core.memory, setting.plan);
      memory.steps++;
      return { loss, outputs: this.#passes.readOutputs(setting) };
    });
    if (this.#core.threads > 1) await null;
    return finish();
  }

  gradients(batch: Batch, options: GradientOptions): Promise<LossGradients> {
    return settle(() => {
      const setting = this.#prepareTraining(batch, options);
      addSum(setting);
      this.#core.run(setting.program);
      return {
        loss: readLoss(this.#core.memory, setting.plan),
        outputs: this.#passes.readOutputs(setting),
        gradients: this.#networkMemory.readGradients(),
      };
    });
  }

  predict(batch: Batch): Promise<Float32Array> {
    return this.#runParts(batch, { add: "addPrediction", read: "readOutputs" });
  }

  regress(batch: Batch, terse: Float32Array): Promise<Float32Array> {
    return settle(() => {
      const rows = batch.rowOffsets[batch.count]!;
      if (terse.length !== rows) {
        throw new TypeError(
          `Cannot regress: there are ${terse.length} terse values, should be ${rows}, one per row`,
        );
      }
      return runParts(batch, this.#form.inputs, (part, first) => {
        const setting = this.#prepare(part, "inference", null, {
          ...WHOLE,
          reads: ["supplementary"],
        });
        const { plan, memory } = setting;
        writeInputs(setting, { ...part, pixels: NONE, labels: NONE, tie: NONE });
        memory.floats.set(terse.subarray(first, first + plan.rows), plan.terse / 4);
        this.#passes.addRegression(setting);
        this.#core.run(setting.program);
        return this.#passes.readOutputs(setting);
      });
    });
  }

  encode(batch: Batch): Promise<Float32Array> {
    return this.#runParts(batch, { add: "addEncoding", read: "readTerse" });
  }

  encoderGradient(batch: Batch): Promise<Float32Array> {
    return this.#runParts(batch, { add: "addEncoderGradient", read: "readEncoderGradient" });
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
    this.#core.settle();
    this.#isDisposed = true;
    this.#networkMemory.free();
    this.#batchMemory.free();
  }

  #check(): void {
    this.#core.settle();
    if (this.#isDisposed) {
      throw new TypeError("Cannot use the network: it was disposed; create a new one");
    }
  }

  /** Runs a program that reads pixels on a batch, part by part. */
  #runParts(
    batch: Batch,
    { add, read }: {
      readonly add: "addPrediction" | "addEncoding" | "addEncoderGradient";
      readonly read: "readOutputs" | "readTerse" | "readEncoderGradient";
    },
  ): Promise<Float32Array> {
    const purpose = add === "addEncoderGradient" ? "training" : "inference";
    return settle(() =>
      runParts(batch, this.#form.inputs, (part) => {
        const setting = this.#prepare(part, purpose, null);
        writeInputs(setting, { ...part, labels: NONE, tie: NONE });
        this.#passes[add](setting);
        this.#core.run(setting.program);
        return this.#passes[read](setting);
      })
    );
  }

  /** Begins a program with all operations before the sum over shards. */
  #prepareTraining(batch: Batch, options: GradientOptions): Setting<P> {
    const { loss, dropoutKey, shards = 1, tieWeight = 0 } = options;
    checkLoss(loss, this.#form.architecture);
    checkShards(shards);
    checkTie(batch, tieWeight);
    const setting = this.#prepare(batch, "training", dropoutKey, { ...WHOLE, shards });
    writeInputs(setting, tieWeight === 0 ? { ...batch, tie: NONE } : batch);
    this.#passes.addTraining(setting, { loss, tieWeight });
    return setting;
  }

  /** Plans a batch and begins a program for it. */
  #prepare(
    batch: Batch,
    purpose: PlanRequest["purpose"],
    dropoutKey: StepOptions["dropoutKey"],
    { reads, shards }: { readonly reads: Reads; readonly shards: number } = WHOLE,
  ): Setting<P> {
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
    const plan = this.#batchMemory.plan(this.#passes.plan, request);
    this.#program.clear();
    return {
      architecture: this.#form.architecture,
      inputs: this.#form.inputs,
      memory: this.#core.memory,
      layers: this.#layers,
      weights,
      gradients,
      plan,
      program: this.#program,
      tile: this.#core.tile,
      dropoutKey,
    };
  }
}

function settle<T>(compute: () => T): Promise<T> {
  return new Promise((resolve) => resolve(compute()));
}
