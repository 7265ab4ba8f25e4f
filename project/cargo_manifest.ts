import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { nearName } from "../engine/near_name.ts";
import { nameHint } from "../engine/problem.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason, isMissing } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import { IMAGE_SETTINGS } from "./image_settings.ts";
import { isTable, type Table, valueAt } from "./smelt_toml_table.ts";

/** What the Cargo.toml of a program says that concerns its image. */
export interface CargoManifest {
  /** The name of its package; `undefined` for a workspace that has none of its own. */
  readonly name: string | undefined;
  /** What `[package.metadata.krust]` says, by key of `IMAGE_SETTINGS`. */
  readonly settings: ReadonlyMap<string, string>;
}

const MANIFEST = "Cargo.toml";
const METADATA = "package.metadata.krust";
const LIMIT_BYTES = 1 << 20;

/** Reads the Cargo.toml of a folder, of its member `wanted` where that is another package; `undefined` when there is none. */
export async function readCargoManifest(
  folder: string,
  shown: string,
  wanted?: string,
): Promise<Result<CargoManifest | undefined, ProjectFailure>> {
  const table = await readTable(folder, shown);
  if (!table.ok) return table;
  if (table.value === undefined) return ok(undefined);
  const name = nameIn(table.value);
  if (wanted === undefined || wanted === name) return manifestOf(table.value, shown);
  for (const member of await membersOf(folder, table.value)) {
    const other = await readTable(join(folder, member), join(shown, member));
    if (!other.ok) return other;
    if (other.value !== undefined && nameIn(other.value) === wanted) {
      return manifestOf(other.value, join(shown, member));
    }
  }
  // cargo finds more than the members that are named so; whether there is such a package it says when it builds.
  return ok({ name: wanted, settings: new Map() });
}

function manifestOf(table: Table, shown: string): Result<CargoManifest, ProjectFailure> {
  const metadata = valueAt(valueAt(valueAt(table, "package"), "metadata"), "krust");
  const settings = new Map<string, string>();
  const known = IMAGE_SETTINGS.flatMap((each) => each.metadata ?? []);
  const wrong = (message: string, hint: string | undefined) =>
    err(
      {
        kind: "Config",
        message: `${message} in "[${METADATA}]" of "${join(shown, MANIFEST)}"`,
        ...(hint === undefined ? {} : { hint }),
      } as const,
    );
  if (metadata !== undefined && !isTable(metadata)) {
    return wrong("Wanted a table, found another value", undefined);
  }
  for (const [key, value] of Object.entries(metadata ?? {})) {
    const setting = IMAGE_SETTINGS.find((each) => each.metadata === key);
    if (setting === undefined) {
      return wrong(`Unknown key "${key}"`, nameHint(nearName(key, known), known));
    }
    if (typeof value !== "string" || !setting.pattern.test(value)) {
      return wrong(`Cannot use "${key}": wanted ${setting.wanted}`, undefined);
    }
    settings.set(setting.key, value);
  }
  return ok({ name: nameIn(table), settings });
}

function nameIn(table: Table): string | undefined {
  const name = valueAt(valueAt(table, "package"), "name");
  return typeof name === "string" ? name : undefined;
}

/** The folders of a workspace, those of `folder/*` one by one. */
async function membersOf(folder: string, table: Table): Promise<readonly string[]> {
  const members = valueAt(valueAt(table, "workspace"), "members");
  const found: string[] = [];
  for (const member of Array.isArray(members) ? members : []) {
    if (typeof member !== "string") continue;
    if (!member.endsWith("/*")) found.push(member);
    else found.push(...await foldersIn(folder, member.slice(0, -2)));
  }
  return found;
}

async function foldersIn(folder: string, below: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const { isDirectory, name } of Deno.readDir(join(folder, below))) {
      if (isDirectory) names.push(join(below, name));
    }
    return names.toSorted();
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
    return [];
  }
}

async function readTable(
  folder: string,
  shown: string,
): Promise<Result<Table | undefined, ProjectFailure>> {
  const name = join(shown, MANIFEST);
  const unreadable = (reason: string) =>
    err({ kind: "Config", message: `Cannot read "${name}": ${reason}` } as const);
  try {
    const path = join(folder, MANIFEST);
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) return unreadable("it is no file");
    if (size > LIMIT_BYTES) return unreadable(`it has ${size} bytes, the limit is ${LIMIT_BYTES}`);
    return ok(parse(await Deno.readTextFile(path), { integersAsBigInt: "asNeeded" }));
  } catch (error) {
    if (isMissing(error)) return ok(undefined);
    if (error instanceof TomlError) return unreadable(`it is no TOML in line ${error.line}`);
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return unreadable(reason);
  }
}
