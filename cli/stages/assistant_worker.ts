/** The module of a worker that takes work off the main thread of a run. */
import { answerTasks } from "../program/worker_answers.ts";
import { createAssistantJob, largeBuffers } from "./assistant_job.ts";

answerTasks(createAssistantJob, largeBuffers);
