/** The module of a worker that samples posteriors. */
import { createSampler } from "../../src/runs/posteriors.ts";
import { answerTasks } from "../program/worker_answers.ts";

answerTasks(createSampler);
