/**
 * `page`: a web page that predicts as `predict` does, for people who install nothing.
 */
import type { Command } from "../program/command.ts";
import { defineCommand } from "../program/command.ts";
import { textOption } from "../program/options.ts";
import { writeFile } from "../program/outputs.ts";
import { makePredictPage } from "../stages/predict_page.ts";

/** The name of the page's file. */
const FILE = "predict.html";

/** The command `page`. */
export const PAGE: Command = defineCommand({
  summary: "write a web page that predicts as predict does, on one's own computer (App. B)",
  details: [
    `Writes ${FILE}: one file of less than 2 MB that holds the networks that ship, every reader of ` +
    "tables and the verdict. It opens from a disk or any server, in Chromium, Chrome and Edge from 114 " +
    "and in Firefox from 145.",
    "On it, drop a catalog, map its columns with live checks, and read sigma8 with its posterior, the " +
    "verdict with its reasons, terse values against the mocks', and what each cluster moves. The numbers " +
    "are those of predict. Its security policy forbids every connection: a catalog never leaves the " +
    "computer.",
  ],
  options: {
    out: textOption("DIR", "runs/page", {
      description: "the folder to write to",
      role: "export folder",
    }),
    run: textOption("DIR", undefined, {
      description: "a run folder whose network the page offers first",
      fallbackText: "none: the networks that ship",
      role: "input run",
    }),
  },
  async run({ out, run }, { progress }) {
    const page = new TextEncoder().encode(await makePredictPage(run, progress));
    const path = `${out}/${FILE}`;
    writeFile(path, page);
    const text = `${path}: ${(page.length / 1e6).toFixed(1)} MB; open it in a browser`;
    return { json: { out, page: path, bytes: page.length }, text };
  },
});
