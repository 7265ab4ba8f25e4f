import { dirname, isAbsolute, join, resolve } from "node:path";
import { OWN_FOLDER } from "../engine/own_folder.ts";
import { isMissing, isRefused } from "./_file_error.ts";

/** The name of the project's configuration file. */
export const CONFIG_FILE_NAME = "smelt.toml";

/** Reads one environment variable; `undefined` when it is not set. */
export type ReadVariable = (name: string) => string | undefined;

/** Where a project keeps what. All paths are absolute. */
export interface ProjectPaths {
  /** The folder of `smelt.toml`; without one, the working folder. */
  readonly root: string;
  readonly configFile: string;
  /** `.smelt`: everything that smelt itself writes for this project. */
  readonly dataFolder: string;
  /** One file an environment, `<environment>.log`. */
  readonly logFolder: string;
  /** Created 0700; the files in it 0600. */
  readonly keyFolder: string;
  readonly blobFolder: string;
  /** One lock file a live run, `<run>.lock`. */
  readonly runFolder: string;
  /** Outcomes that a run could not append, `<run>.json`. */
  readonly unsavedFolder: string;
  /** The truth of the embedded cloud, unless `SMELT_SIM_DIR` names another folder. */
  readonly simFolder: string;
}

/** Where the search for the project's root ended. */
export interface ProjectRoot {
  /** Absolute. */
  readonly root: string;
  /** Whether `smelt.toml` stands in it. */
  readonly hasConfig: boolean;
  /**
   * The folder that could not be looked into, so that a `smelt.toml` there or further up would not have been seen.
   * `undefined` when the search was complete or found one.
   */
  readonly unseenFolder: string | undefined;
}

/** Lays out the project whose root folder is `root`. */
export function projectPaths(root: string): ProjectPaths {
  const dataFolder = join(root, OWN_FOLDER);
  return {
    root,
    configFile: join(root, CONFIG_FILE_NAME),
    dataFolder,
    logFolder: join(dataFolder, "log"),
    keyFolder: join(dataFolder, "keys"),
    blobFolder: join(dataFolder, "blobs"),
    runFolder: join(dataFolder, "runs"),
    unsavedFolder: join(dataFolder, "unsaved"),
    simFolder: join(dataFolder, "sim"),
  };
}

/**
 * Searches `smelt.toml` from `workingFolder` upwards. The search ends where reading is not permitted, since smelt is
 * usually given the working folder only; `unseenFolder` then says so.
 */
export async function findProjectRoot(workingFolder: string): Promise<ProjectRoot> {
  const start = resolve(workingFolder);
  let folder = start;
  for (;;) {
    const found = await lookForConfig(folder);
    if (found === "here") return { root: folder, hasConfig: true, unseenFolder: undefined };
    if (found === "unseen") return { root: start, hasConfig: false, unseenFolder: folder };
    const parent = dirname(folder);
    if (parent === folder) return { root: start, hasConfig: false, unseenFolder: undefined };
    folder = parent;
  }
}

/**
 * The folder of what smelt keeps for this user outside of all projects: `SMELT_STATE_HOME`, else `smelt` under
 * `XDG_STATE_HOME`, else `~/.local/state/smelt`. `undefined` when no home folder is known either.
 * The XDG Base Directory Specification tells to ignore a relative path.
 */
export function userStateFolder(readVariable: ReadVariable): string | undefined {
  const own = readVariable("SMELT_STATE_HOME");
  if (own !== undefined && own !== "") return resolve(own);
  const stateHome = readVariable("XDG_STATE_HOME");
  if (stateHome !== undefined && isAbsolute(stateHome)) return join(stateHome, "smelt");
  const home = readVariable("HOME") ?? readVariable("USERPROFILE");
  if (home === undefined || home === "") return undefined;
  return join(home, ".local", "state", "smelt");
}

async function lookForConfig(folder: string): Promise<"here" | "absent" | "unseen"> {
  try {
    await Deno.stat(join(folder, CONFIG_FILE_NAME));
    return "here"; // Whatever it is: who reads it says so when it is no file.
  } catch (error) {
    if (isMissing(error)) return "absent";
    if (isRefused(error)) return "unseen";
    throw error;
  }
}
