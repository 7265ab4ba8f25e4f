import { isAbsolute, join } from "node:path";
import { parseCanonicalJson } from "../engine/canonical_json.ts";
import { isJsonObject, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import type { BasisDigests } from "./plan_basis.ts";

/** The form of the file; another one is another word. */
export const SAVED_PLAN_SCHEMA = "smelt.saved-plan.v1";

/** A plan of 100,000 resources takes a tenth of it. */
const PLAN_LIMIT_BYTES = 1024 * 1024 * 1024;

/** What a file of a saved plan holds, all of it signed. */
export interface SavedPlanBody {
  readonly schema: typeof SAVED_PLAN_SCHEMA;
  /** The version of smelt that made it. */
  readonly smelt: string;
  readonly environment: string;
  /** The last record of the log when it was made. */
  readonly head: Head;
  /** RFC 3339. */
  readonly madeAt: string;
  /** RFC 3339: from then on it is not carried out. */
  readonly expiresAt: string;
  /** The files that were given by name. */
  readonly files: readonly string[];
  readonly basis: BasisDigests;
  /** The account that each provider of it reached, by provider. */
  readonly accounts: Readonly<Record<string, string>>;
  /** What the plan is made anew of, as `encodeSeed` writes it. */
  readonly plan: JsonObject;
}

/** A file that may be a saved plan: nothing in it is believed yet. */
export interface UntrustedPlanFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What its text says, if it says it: which log is to prove the rest. */
  readonly claims: { readonly environment: string; readonly head: Head } | undefined;
}

/** Reads the file at `path`, which is relative to `folder`. */
export async function readPlanFile(
  folder: string,
  path: string,
): Promise<Result<UntrustedPlanFile, ProjectFailure>> {
  const unreadable = (reason: string) =>
    err({ kind: "Store", message: `Cannot read the plan "${path}": ${reason}` } as const);
  try {
    const whole = inFolder(folder, path);
    const { isFile, isDirectory, size } = await Deno.stat(whole);
    if (!isFile) return unreadable(isDirectory ? "it is a folder" : "it is no regular file");
    if (size > PLAN_LIMIT_BYTES) {
      return unreadable(`it has ${size} bytes, and a plan at most ${PLAN_LIMIT_BYTES}`);
    }
    const bytes = await Deno.readFile(whole);
    return ok({ path, bytes, claims: claimsOf(bytes) });
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return unreadable(reason);
  }
}

/** Where a path of the command line leads. */
export function inFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function claimsOf(bytes: Uint8Array): UntrustedPlanFile["claims"] {
  const [text = ""] = new TextDecoder().decode(bytes).split("\t", 1);
  const json = parseCanonicalJson(text) ?? null;
  if (!isJsonObject(json) || json["schema"] !== SAVED_PLAN_SCHEMA) return undefined;
  const { environment, head = null } = json;
  if (typeof environment !== "string" || !isJsonObject(head)) return undefined;
  const { seq, hash } = head;
  if (typeof seq !== "number" || typeof hash !== "string") return undefined;
  return { environment, head: { seq, hash } };
}
