import { dirname, join } from "node:path";
import type { CallFailure } from "../../engine/call_failure.ts";
import { OWN_PATHS } from "../../engine/own_folder.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { field, type ResourceSchema, section } from "../../engine/schema.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { requiredText, textField } from "../field_reader.ts";
import type { CreateRequest, LiveObject, UpdateRequest } from "../provider.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { isLeftover, removeIfThere, syncFolderOf } from "./atomic_file.ts";
import { filePermissions } from "./file_type.ts";
import { attempt, codeOf } from "./os_failure.ts";
import { checkPlace, PATH_PATTERN, type Place, placeBelow } from "./place.ts";

const TEXT = { kind: "string" } as const;
const DEFAULT_MODE = "0755";

/** What `local.Directory` takes and gives. */
export const DIRECTORY_SCHEMA = {
  type: "local.Directory",
  summary:
    "A folder below the project root; missing folders above it are made and stay, and only an empty one is deleted",
  version: 1,
  sections: [
    section("", "The folder", [
      field("path", TEXT, 'Path from the project root, with "/", without "." and ".." parts', {
        required: true,
        immutable: true,
        pattern: PATH_PATTERN,
        reserved: OWN_PATHS,
      }),
      field("mode", TEXT, "Permission bits in octal", { defaultValue: DEFAULT_MODE, pattern: "0[0-7]{3}" }),
    ]),
  ],
  outputs: [],
  world: {
    marker: "name",
    uniqueName: { section: "", field: "path" },
    settleMs: 0,
    tokenLifetimeMs: 0,
    preconditions: false,
    inProcess: true,
  },
  timeoutsMs: { create: 60_000, update: 60_000, delete: 60_000, read: 60_000 },
  importId: "the path from the project root, for example out/logs",
  sbomKind: "file",
} as const satisfies ResourceSchema;

/** `local.Directory` below `root`. A folder that smelt did not make is not taken over, one that is not empty not deleted. */
export function directoryType(root: string): TypeAdapter {
  return {
    schema: DIRECTORY_SCHEMA,
    permissions: (fields) => filePermissions(root, fields),
    check: (fields) => checkPlace(root, fields),
    read: ({ id, applied }) => readFolder(root, id, applied),
    create: (request) => createFolder(root, request),
    update: (request) => updateFolder(root, request),
    delete: ({ id }) => deleteFolder(root, id),
    async list({ uniqueName }) {
      if (uniqueName === undefined) return ok([]);
      const live = await readFolder(root, uniqueName, record());
      if (!live.ok) return live;
      return ok(live.value === undefined ? [] : [live.value]);
    },
  };
}

async function readFolder(
  root: string,
  path: string,
  applied: ValueRecord,
): Promise<Result<LiveObject | undefined, CallFailure>> {
  const place = await placeBelow(root, path);
  return place.ok ? await look(place.value, applied) : place;
}

async function createFolder(root: string, request: CreateRequest): Promise<Result<LiveObject, CallFailure>> {
  const { fields } = request;
  const path = requiredText(fields, "path");
  const place = await placeBelow(root, path);
  if (!place.ok) return place;
  const { absolute } = place.value;
  const made = await attempt(`Cannot create "${path}"`, "notDone", async () => {
    await Deno.mkdir(dirname(absolute), { recursive: true });
    await Deno.mkdir(absolute);
  });
  if (!made.ok) return err(made.error.kind === "AlreadyExists" ? notOurs(path) : made.error);
  request.accepted(path);
  return await settled(place.value, fields, "unknown");
}

async function updateFolder(
  root: string,
  { id, after }: UpdateRequest,
): Promise<Result<LiveObject, CallFailure>> {
  const place = await placeBelow(root, id);
  if (!place.ok) return place;
  const found = await look(place.value, after);
  if (!found.ok) return found;
  if (found.value === undefined) return err(refused("NotFound", `Cannot update "${id}": the folder is gone`));
  return await settled(place.value, after, "notDone");
}

async function deleteFolder(root: string, id: string): Promise<Result<void, CallFailure>> {
  const place = await placeBelow(root, id);
  if (!place.ok) return place;
  const { absolute } = place.value;
  const found = await look(place.value, record());
  if (!found.ok) return found;
  if (found.value === undefined) return ok(undefined);
  return await attempt(`Cannot delete "${id}"`, "notDone", async () => {
    await removeLeftoversIn(absolute);
    await removeIfThere(absolute);
    await syncFolderOf(absolute);
  });
}

/** Gives the folder its mode, makes its name durable, and tells of it. */
async function settled(
  place: Place,
  fields: ValueRecord,
  certainty: CallFailure["certainty"],
): Promise<Result<LiveObject, CallFailure>> {
  const mode = Number.parseInt(textField(fields, "mode") ?? DEFAULT_MODE, 8);
  const done = await attempt(`Cannot set the mode of "${place.path}"`, certainty, async () => {
    if (Deno.build.os !== "windows") await Deno.chmod(place.absolute, mode);
    await syncFolderOf(place.absolute);
  });
  if (!done.ok) return done;
  const found = await look(place, fields);
  if (!found.ok) return err({ ...found.error, certainty: "unknown" });
  return found.value === undefined
    ? err({ ...refused("NotFound", `Cannot find "${place.path}" after making it`), certainty: "unknown" })
    : ok(found.value);
}

async function look(
  place: Place,
  applied: ValueRecord,
): Promise<Result<LiveObject | undefined, CallFailure>> {
  const { path, absolute } = place;
  const stat = await attempt(`Cannot read "${path}"`, "notDone", () => statOf(absolute));
  if (!stat.ok) return stat;
  if (stat.value === undefined) return ok(undefined);
  if (!stat.value.isDirectory) {
    return err(refused("Conflict", `Cannot read "${path}": it is no folder, expected one`));
  }
  const mode = stat.value.mode === null
    ? textField(applied, "mode") ?? DEFAULT_MODE
    : (stat.value.mode & 0o7777).toString(8).padStart(4, "0");
  return ok({ id: path, fields: record([["path", path], ["mode", mode]]), outputs: record() });
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    return undefined;
  }
}

/** What killed writers of files left must not keep their folder alive; any other entry does. */
async function removeLeftoversIn(folder: string): Promise<void> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  if (!names.every(isLeftover)) return;
  for (const name of names) await removeIfThere(join(folder, name));
}

function notOurs(path: string): CallFailure {
  return refused(
    "AlreadyExists",
    `Cannot create "${path}": there is one already that smelt did not make; move it away or import it`,
  );
}
