import { dirname } from "node:path";
import { canonicalJson } from "../engine/canonical_json.ts";
import { type Clock, formatInstant } from "../engine/clock.ts";
import type { Event } from "../engine/event.ts";
import type { Json } from "../engine/json.ts";
import { syncFolder } from "../store/sync_folder.ts";
import { writeAll } from "../store/write_all.ts";

/** Keeps outcomes that could not be appended where the next run finds them. Secrets in them are sealed. Returns where. */
export async function unsavedFile(path: string, outcomes: readonly Event[], clock: Clock): Promise<string> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  using file = await Deno.open(path, { write: true, create: true, truncate: true, mode: 0o600 });
  const text = canonicalJson({ at: formatInstant(clock.wallMs()), outcomes } as unknown as Json);
  const bytes = new TextEncoder().encode(`${text}\n`);
  await writeAll(file, bytes);
  await file.sync();
  await syncFolder(dirname(path));
  return path;
}
