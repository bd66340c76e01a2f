/**
 * The module of a worker that observes clusters.
 *
 * @module
 */
import { createObserver } from "./observing.ts";
import { answerTasks } from "./worker_answers.ts";

answerTasks(createObserver);
