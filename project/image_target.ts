import { basename, dirname, join, posix, relative, resolve, sep } from "node:path";
import { nearName } from "../engine/near_name.ts";
import { nameHint } from "../engine/problem.ts";
import { ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import { type CargoManifest, readCargoManifest } from "./cargo_manifest.ts";
import { pathFromRoot } from "./choose_image_settings.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ConfiguredTexts, ImageConfig } from "./smelt_toml_image.ts";

/** What an image is made of: programs that `[image.programs]` names, or those of a Cargo.toml. */
export interface ImageTarget {
  /** The folder, relative to the working folder. */
  readonly path: string;
  /** Each `PLATFORM=PATH`; `undefined`: cargo builds it. */
  readonly programs: readonly string[] | undefined;
  readonly manifest: CargoManifest | undefined;
  /** What the program is called where nobody says otherwise. */
  readonly name: string | undefined;
}

/** Where a target is looked for. */
export interface TargetPlaces {
  readonly config: ImageConfig;
  /** The folder of `smelt.toml`, absolute. */
  readonly root: string;
  /** Absolute. */
  readonly workingFolder: string;
}

/** Which of its programs is meant. */
export interface TargetChoice {
  readonly package: string | undefined;
  readonly program: string | undefined;
}

/** Finds what `path` stands for; `undefined` when it stands for nothing. */
export async function findImageTarget(
  places: TargetPlaces,
  path: string,
  choice: TargetChoice,
): Promise<Result<ImageTarget | undefined, ProjectFailure>> {
  const { config, root, workingFolder } = places;
  const { program } = choice;
  const folder = resolve(workingFolder, path);
  const shown = relative(workingFolder, folder) || ".";
  const key = projectPath(root, folder);
  const named = [...config.programs].find(([name]) => programKey(name) === programKey(key, program));
  if (named !== undefined) {
    const programs = pathsOfPrograms(places, named[1]);
    return ok({ path: shown, programs, manifest: undefined, name: program ?? basename(folder) });
  }
  const manifest = await readCargoManifest(folder, shown, choice.package);
  if (!manifest.ok) return manifest;
  if (manifest.value === undefined) return ok(undefined);
  const name = program ?? manifest.value.name;
  return ok({ path: shown, programs: undefined, manifest: manifest.value, name });
}

/** Says that a path stands for nothing, with what may have been meant. */
export async function unknownTarget(
  { config, root, workingFolder }: TargetPlaces,
  path: string,
  program: string | undefined,
): Promise<{ readonly message: string; readonly hint?: string }> {
  const folder = resolve(workingFolder, path);
  const shown = program === undefined ? path : `${path}?bin=${program}`;
  const what = await existsAs(folder);
  const message = `Cannot find "${shown}": ${
    what === undefined
      ? "there is no such folder"
      : what === "file"
      ? "it is no folder"
      : "it has no Cargo.toml"
  }, and no [image.programs] of smelt.toml names it`;
  const key = projectPath(root, folder);
  const known = [...config.programs.keys()];
  const near = nearName(program === undefined ? key : `${key}?bin=${program}`, known) ??
    await nearFolder(folder, path);
  const hint = nameHint(near, known);
  return hint === undefined ? { message } : { message, hint };
}

/** The programs that `[image.programs]` names, each `PLATFORM=PATH` with a path relative to the working folder. */
export function pathsOfPrograms(places: TargetPlaces, { texts }: ConfiguredTexts): readonly string[] {
  return texts.map((text) => {
    const equals = text.indexOf("=");
    return `${text.slice(0, equals)}=${pathFromRoot(places, text.slice(equals + 1))}`;
  });
}

/** A folder as `[image.programs]` names it. */
function projectPath(root: string, folder: string): string {
  return relative(root, folder).split(sep).join("/") || ".";
}

/** Equal for names that mean the same: `./a/` and `a`. */
function programKey(name: string, program?: string): string {
  const [path = "", query] = name.split("?", 2);
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, "");
  const bin = program === undefined ? query : `bin=${program}`;
  return bin === undefined ? normal : `${normal}?${bin}`;
}

async function existsAs(path: string): Promise<"folder" | "file" | undefined> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
    return undefined;
  }
}

/** The folder beside it that was probably meant, written as it was. */
async function nearFolder(folder: string, written: string): Promise<string | undefined> {
  const names: string[] = [];
  try {
    for await (const { isDirectory, name } of Deno.readDir(dirname(folder))) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
  }
  const near = nearName(basename(folder), names.toSorted());
  return near === undefined ? undefined : join(dirname(written), near);
}
