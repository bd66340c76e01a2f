/** What the path that an option names is to a command. */

/**
 * A file that is read, a run folder that is read, a file that is written, a folder that files are written
 * to for other programs, or the run folder in which a command works.
 */
export type FileRole = "input" | "input run" | "output" | "export folder" | "run folder";
