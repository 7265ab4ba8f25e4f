import { dirname } from "node:path";
import { type Clock, formatInstant } from "../engine/clock.ts";
import type { Event } from "../engine/event.ts";
import { readEvent } from "../engine/event_codec.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { syncFolder } from "../store/sync_folder.ts";
import { writeAll } from "../store/write_all.ts";
import { unsavedStatement } from "../trust/statement.ts";
import {
  type DocumentKind,
  type DocumentSigning,
  type DocumentTrust,
  openDocument,
  signDocument,
  untrusted,
} from "./signed_document.ts";

/**
 * Outcomes that could not be appended, in a file until the next run appends them. Admission believes an outcome by its token,
 * and tokens stand in the log for all to read; so the file is signed like a record, and names the log that it belongs to.
 */
const OUTCOMES: DocumentKind = {
  name: "the outcomes",
  advice: "move it away, and what it tells is looked for instead",
  standIns: "accepted",
  // Anybody can write its id into a file, and nobody must be stopped by that: what it tells is looked for instead.
  revokedKeys: "passedOver",
  statement: unsavedStatement,
};

/** What signs the outcomes of a run. */
export interface UnsavedSigning extends DocumentSigning {
  readonly clock: Clock;
}

/** Keeps outcomes where the next run finds them; the file is there whole or not at all. Secrets in them are sealed. Returns where. */
export async function saveUnsaved(
  path: string,
  outcomes: readonly Event[],
  signing: UnsavedSigning,
): Promise<string> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const body = { at: formatInstant(signing.clock.wallMs()), outcomes: outcomes as unknown as Json };
  const bytes = await signDocument(OUTCOMES, body, signing);
  const temporary = `${path}.new`;
  using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
  await writeAll(file, bytes);
  await file.sync();
  await Deno.rename(temporary, path);
  await syncFolder(dirname(path));
  return path;
}

/**
 * The outcomes in the `bytes` of a file; `undefined` when they are of another log, or of a key that was revoked since. Throws an `IntegrityError` when they are not
 * what a key signed that may append outcomes to this log.
 */
export async function openUnsaved(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  trust: DocumentTrust,
): Promise<readonly Event[] | undefined> {
  const document = await openDocument(OUTCOMES, { path, bytes }, trust);
  return document && outcomesOf(document.body, path);
}

function outcomesOf({ outcomes }: JsonObject, path: string): readonly Event[] {
  if (!isList(outcomes)) throw untrusted(OUTCOMES, "malformed", path, "it holds no outcomes");
  return outcomes.map((each) => readEvent(each, path));
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
