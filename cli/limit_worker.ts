/**
 * The module of a worker that samples posteriors.
 *
 * @module
 */
import { createSampler } from "./limit_sampling.ts";
import { answerTasks } from "./worker_answers.ts";

answerTasks(createSampler);
