import { dirname } from "node:path";
import type { CallFailure } from "../../engine/call_failure.ts";
import { OWN_PATHS } from "../../engine/own_folder.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { field, type ResourceSchema, section } from "../../engine/schema.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { cancelledBefore, refused } from "../failures.ts";
import { requiredText } from "../field_reader.ts";
import type {
  CreateRequest,
  DeleteRequest,
  ListedObject,
  ListRequest,
  LiveObject,
  PermissionNeed,
  UpdateRequest,
} from "../provider.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import {
  placeNew,
  placeOver,
  removeIfThere,
  removeLeftovers,
  syncFolderOf,
  withTemporary,
} from "./atomic_file.ts";
import {
  findFile,
  type FoundFile,
  isAsWanted,
  liveFile,
  meetsPrecondition,
  type WantedFile,
  wantedFile,
} from "./file_content.ts";
import { attempt } from "./os_failure.ts";
import { checkPlace, PATH_PATTERN, type Place, placeBelow } from "./place.ts";

const TEXT = { kind: "string" } as const;

/** What `local.File` takes and gives. */
export const FILE_SCHEMA = {
  type: "local.File",
  summary:
    "A file below the project root, written whole or not at all; missing folders above it are made and stay",
  version: 1,
  sections: [
    section("", "The file", [
      field("path", TEXT, 'Path from the project root, with "/", without "." and ".." parts', {
        required: true,
        immutable: true,
        pattern: PATH_PATTERN,
        reserved: OWN_PATHS,
      }),
      field("content", TEXT, "The text, as UTF-8; a file changed by hand is found and healed"),
      field("sensitive_content", TEXT, "The text, kept as a secret; instead of content", { sensitive: true }),
      field("mode", TEXT, "Permission bits in octal; 0644, or 0600 for a file with sensitive content", {
        computed: true,
        pattern: "0[0-7]{3}",
      }),
    ]),
  ],
  outputs: [
    field("sha256", TEXT, "SHA-256 of the content in hex; a secret where the content is one"),
    field("size_bytes", { kind: "integer" }, "Size in bytes; a secret where the content is one"),
  ],
  world: {
    marker: "name",
    uniqueName: { section: "", field: "path" },
    settleMs: 0,
    tokenLifetimeMs: 0,
    preconditions: true,
    inProcess: true,
  },
  timeoutsMs: { create: 60_000, update: 60_000, delete: 60_000, read: 60_000 },
  importId: "the path from the project root, for example out/hello.txt",
  sbomKind: "file",
} as const satisfies ResourceSchema;

/** `local.File` below `root`. A file that smelt did not make is never overwritten, nor one changed since it was read. */
export function fileType(root: string): TypeAdapter {
  return {
    schema: FILE_SCHEMA,
    permissions: (fields) => filePermissions(root, fields),
    check: (fields) => checkPlace(root, fields),
    read: (request) => readFile(root, request.id, request.applied),
    create: (request, signal) => createFile(root, request, signal),
    update: (request, signal) => updateFile(root, request, signal),
    delete: (request) => deleteFile(root, request),
    list: (request) => listFiles(root, request),
  };
}

/** Files and folders are reached through the folder that holds them. */
export function filePermissions(root: string, fields: ValueRecord): readonly PermissionNeed[] {
  const path = fields["path"];
  const target = typeof path === "string" ? dirname(`${root}/${path}`) : root;
  return [{ kind: "read", target }, { kind: "write", target }];
}

async function readFile(
  root: string,
  path: string,
  applied: ValueRecord,
): Promise<Result<LiveObject | undefined, CallFailure>> {
  const place = await placeBelow(root, path);
  if (!place.ok) return place;
  const found = await look(place.value);
  if (!found.ok) return found;
  return ok(found.value && liveFile(place.value, found.value, applied));
}

async function createFile(
  root: string,
  request: CreateRequest,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const { fields, token } = request;
  const target = await targetOf(root, requiredText(fields, "path"), fields);
  if (!target.ok) return target;
  const { place, wanted } = target.value;
  let isPlaced = false;
  const written = await attempt(`Cannot create "${place.path}"`, "notDone", async () => {
    await Deno.mkdir(dirname(place.absolute), { recursive: true });
    await withTemporary(place.absolute, { ...wanted, token }, async (temporary) => {
      if (signal.aborted) return;
      await placeNew(temporary, place.absolute);
      isPlaced = true;
    });
  });
  if (!written.ok) {
    return err(isPlaced ? { ...written.error, certainty: "unknown" } : notOurs(written.error, place));
  }
  if (!isPlaced) return err(cancelledBefore(signal));
  request.accepted(place.path);
  return await settled(place, fields);
}

async function updateFile(
  root: string,
  { id, after, token, precondition }: UpdateRequest,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const target = await targetOf(root, id, after);
  if (!target.ok) return target;
  const { place, wanted } = target.value;
  const found = await look(place);
  if (!found.ok) return found;
  if (found.value === undefined) return err(refused("NotFound", `Cannot update "${id}": the file is gone`));
  // The repeat of an update that was done changes nothing, though its precondition no longer holds.
  if (isAsWanted(found.value, wanted)) return ok(liveFile(place, found.value, after));
  if (!meetsPrecondition(found.value, precondition)) return err(changedByHand("update", place));
  if (signal.aborted) return err(cancelledBefore(signal));
  const written = await attempt(`Cannot update "${id}"`, "notDone", async () => {
    await withTemporary(
      place.absolute,
      { ...wanted, token },
      (temporary) => placeOver(temporary, place.absolute),
    );
  });
  return written.ok ? await settled(place, after) : written;
}

async function deleteFile(
  root: string,
  { id, precondition }: DeleteRequest,
): Promise<Result<void, CallFailure>> {
  const place = await placeBelow(root, id);
  if (!place.ok) return place;
  const found = await look(place.value);
  if (!found.ok) return found;
  if (found.value === undefined) return ok(undefined);
  if (!meetsPrecondition(found.value, precondition)) return err(changedByHand("delete", place.value));
  return await attempt(`Cannot delete "${id}"`, "notDone", async () => {
    await removeLeftovers(place.value.absolute);
    await removeIfThere(place.value.absolute);
    await syncFolderOf(place.value.absolute);
  });
}

/**
 * Files bear no token, and a search of the whole disk for files that smelt may have made would be no answer. A list does not
 * know what was applied: of a file that only its owner may read, it takes the content for sensitive.
 */
async function listFiles(
  root: string,
  { uniqueName }: ListRequest,
): Promise<Result<readonly ListedObject[], CallFailure>> {
  if (uniqueName === undefined) return ok([]);
  const place = await placeBelow(root, uniqueName);
  if (!place.ok) return place;
  const found = await look(place.value);
  if (!found.ok) return found;
  return ok(
    found.value === undefined ? [] : [liveFile(place.value, found.value, likelyApplied(found.value))],
  );
}

function likelyApplied({ mode }: FoundFile): ValueRecord {
  const isClosed = mode !== undefined && (mode & 0o077) === 0;
  return isClosed ? record([["sensitive_content", ""]]) : record();
}

interface Target {
  readonly place: Place;
  readonly wanted: WantedFile;
}

async function targetOf(
  root: string,
  path: string,
  fields: ValueRecord,
): Promise<Result<Target, CallFailure>> {
  const place = await placeBelow(root, path);
  if (!place.ok) return place;
  const wanted = wantedFile(fields, path);
  return wanted.ok ? ok({ place: place.value, wanted: wanted.value }) : wanted;
}

/** The file has its name; now it must survive a power loss and be told of. */
async function settled(place: Place, fields: ValueRecord): Promise<Result<LiveObject, CallFailure>> {
  const synced = await attempt(
    `Cannot sync the folder of "${place.path}"`,
    "unknown",
    () => syncFolderOf(place.absolute),
  );
  if (!synced.ok) return synced;
  const found = await look(place);
  if (!found.ok) return err({ ...found.error, certainty: "unknown" });
  return found.value === undefined
    ? err({ ...refused("NotFound", `Cannot find "${place.path}" after writing it`), certainty: "unknown" })
    : ok(liveFile(place, found.value, fields));
}

async function look(place: Place): Promise<Result<FoundFile | undefined, CallFailure>> {
  const found = await attempt(`Cannot read "${place.path}"`, "notDone", () => findFile(place));
  return found.ok ? found.value : found;
}

function notOurs(failure: CallFailure, place: Place): CallFailure {
  if (failure.kind !== "AlreadyExists") return failure;
  return refused(
    "AlreadyExists",
    `Cannot create "${place.path}": there is one already that smelt did not make; move it away or import it`,
  );
}

function changedByHand(action: "update" | "delete", place: Place): CallFailure {
  return refused(
    "PreconditionFailed",
    `Cannot ${action} "${place.path}": it was changed since it was read; plan again to see the change`,
  );
}
