/** All of tfjs-core's specs on one backend; the order of the imports is that of the set-up. */
import { runSpecs } from "./jasmine.ts";
import "./environment.ts";
import "@tensorflow/tfjs-core/dist/tests.js";

runSpecs();
