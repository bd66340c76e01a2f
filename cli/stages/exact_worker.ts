/** The module of a worker that answers exactly. */
import { createAnswerer } from "../../src/runs/exact.ts";
import { answerTasks } from "../program/worker_answers.ts";

answerTasks(createAnswerer);
