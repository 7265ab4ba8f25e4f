import { join } from "node:path";
import type { Event } from "../engine/event.ts";
import { eventFault } from "../engine/event_codec.ts";
import { isJsonObject, type Json } from "../engine/json.ts";
import { fileErrorReason, isMissing } from "./_file_error.ts";

/** Outcomes that runs of before could not store. */
export interface UnsavedOutcomes {
  readonly outcomes: readonly Event[];
  /** Removes the files, once their outcomes are in the log or nobody waits for them. */
  clear(): Promise<void>;
}

/** Reads what runs of before have left in `folder`. A file that is no such thing is passed over: admission decides what counts. */
export async function readUnsaved(folder: string): Promise<UnsavedOutcomes> {
  const outcomes: Event[] = [];
  const paths: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    paths.push(path);
    outcomes.push(...outcomesOf(await Deno.readTextFile(path)));
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

function outcomesOf(text: string): readonly Event[] {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const listed = isJsonObject(json) ? json["outcomes"] : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.filter((each): each is Event => isJsonObject(each) && eventFault(each) === undefined);
}
