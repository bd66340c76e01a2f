/** The module of a worker that observes clusters. */
import { createObserver } from "../../src/runs/observing.ts";
import { answerTasks } from "../program/worker_answers.ts";

answerTasks(createObserver);
