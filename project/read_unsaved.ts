import { join } from "node:path";
import type { Event } from "../engine/event.ts";
import { fileErrorReason, isMissing } from "./_file_error.ts";
import type { OpenEnvironment } from "./project_ports.ts";

/** Outcomes that runs of before could not store. */
export interface UnsavedOutcomes {
  readonly outcomes: readonly Event[];
  /** Removes the files that they came from, once they are in the log or nobody waits for them. */
  clear(): Promise<void>;
}

/** Reads what runs of before have left in `folder` for the log of `environment`. Files of other logs stay for their own runs. */
export async function readUnsaved(
  folder: string,
  environment: Pick<OpenEnvironment, "openUnsaved">,
): Promise<UnsavedOutcomes> {
  const outcomes: Event[] = [];
  const paths: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await environment.openUnsaved(path, await Deno.readFile(path));
    if (found === undefined) continue;
    paths.push(path);
    outcomes.push(...found);
  }
  return {
    outcomes,
    async clear() {
      for (const path of paths) await Deno.remove(path);
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.endsWith(".json")) names.push(entry.name);
    }
  } catch (error) {
    if (isMissing(error)) return [];
    throw new Error(`Cannot read "${folder}": ${fileErrorReason(error) ?? String(error)}`, { cause: error });
  }
  return names.sort();
}
