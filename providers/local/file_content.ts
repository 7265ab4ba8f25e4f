import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record, Secret, type Value, type ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { holdsSecret, isGiven, textField } from "../field_reader.ts";
import type { LiveObject } from "../provider.ts";
import { codeOf } from "./os_failure.ts";
import { sha256 } from "./sha256.ts";
import type { Place } from "./place.ts";

const SIZE_LIMIT = 64 * 1024 * 1024;

/** What the configuration wants in a file. */
export interface WantedFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** What stands on the disk. */
export interface FoundFile {
  readonly bytes: Uint8Array;
  /** In hex. */
  readonly sha256: string;
  /** Permission bits; `undefined` where the system has none. */
  readonly mode: number | undefined;
  /** Changes whenever the file does, and tells nothing of its content. */
  readonly version: string;
}

/** Reads the wanted file out of the fields. */
export function wantedFile(fields: ValueRecord, path: string): Result<WantedFile, CallFailure> {
  const open = textField(fields, "content");
  const hidden = textField(fields, "sensitive_content");
  if (open !== undefined && hidden !== undefined) {
    return err(refused("InvalidConfig", `Cannot write "${path}": it has both content and sensitive_content`));
  }
  const mode = textField(fields, "mode") ?? (isSensitive(fields) ? "0600" : "0644");
  return ok({ bytes: new TextEncoder().encode(hidden ?? open ?? ""), mode: Number.parseInt(mode, 8) });
}

/** Reads the file at `place`; `undefined` when there is definitely none. Throws what the system answers. */
export async function findFile(place: Place): Promise<Result<FoundFile | undefined, CallFailure>> {
  let stat: Deno.FileInfo;
  try {
    stat = await Deno.lstat(place.absolute);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return ok(undefined);
    throw error;
  }
  if (!stat.isFile) {
    const what = stat.isSymlink ? "a link" : stat.isDirectory ? "a folder" : "no plain file";
    return err(refused("Conflict", `Cannot read "${place.path}": it is ${what}, expected a file`));
  }
  if (stat.size > SIZE_LIMIT) {
    return err(
      refused("Conflict", `Cannot read "${place.path}": it has ${stat.size} bytes, more than 64 MiB`),
    );
  }
  const bytes = await Deno.readFile(place.absolute);
  return ok({
    bytes,
    sha256: await sha256(bytes),
    mode: stat.mode === null ? undefined : stat.mode & 0o7777,
    version: [stat.dev, stat.ino ?? 0, stat.mtime?.getTime() ?? 0, stat.ctime?.getTime() ?? 0].join("-"),
  });
}

/**
 * Describes the file as fields and outputs. What was sensitive when `applied` was written comes back as a secret, its hash
 * and size too: a hash confirms a guess, and the exact length of a password is what blobs are padded to hide.
 */
export function liveFile(place: Place, found: FoundFile, applied: ValueRecord): LiveObject {
  const sensitive = isSensitive(applied);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(found.bytes);
  const keep = (value: Value): Value => sensitive ? new Secret(value) : value;
  const name = isGiven(applied, "sensitive_content") ? "sensitive_content" : "content";
  const isPlainlyEmpty = text === "" && !isGiven(applied, name);
  const mode = found.mode === undefined ? textField(applied, "mode") : formatMode(found.mode);
  return {
    id: place.path,
    fields: record([
      ["path", place.path],
      ...(isPlainlyEmpty ? [] : [[name, keep(text)] as const]),
      ...(mode === undefined ? [] : [["mode", mode] as const]),
    ]),
    outputs: record([["sha256", keep(found.sha256)], ["size_bytes", keep(found.bytes.length)]]),
    precondition: preconditionOf(found, sensitive ? "version" : "sha256"),
  };
}

/** Whether the file is still the one that gave `precondition`. */
export function meetsPrecondition(found: FoundFile, precondition: string | undefined): boolean {
  if (precondition === undefined) return true;
  const kind = precondition.startsWith("version:") ? "version" : "sha256";
  return precondition === preconditionOf(found, kind);
}

/** Whether the file is as wanted already. */
export function isAsWanted(found: FoundFile, wanted: WantedFile): boolean {
  return equalBytes(found.bytes, wanted.bytes) && (found.mode ?? wanted.mode) === wanted.mode;
}

function preconditionOf(found: FoundFile, kind: "version" | "sha256"): string {
  return `${kind}:${kind === "version" ? found.version : found.sha256}`;
}

function isSensitive(fields: ValueRecord): boolean {
  return isGiven(fields, "sensitive_content") || holdsSecret(fields["content"]);
}

function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
