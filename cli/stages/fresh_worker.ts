/** The module of a worker that draws fresh catalogs. */
import { answerTasks } from "../program/worker_answers.ts";
import { createFreshJob } from "./fresh_job.ts";

answerTasks(createFreshJob);
