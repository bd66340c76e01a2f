/** The module of a worker that trains networks and looks into them. */
import { answerTasks } from "../program/worker_answers.ts";
import { createNetworkJob } from "./network_job.ts";

answerTasks(createNetworkJob);
