import { join } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../engine/json.ts";
import type { Random } from "../../engine/random.ts";
import { ok, type Result } from "../../engine/result.ts";
import { type Digest, hexOf } from "../../image/digest.ts";
import type { SourceFile } from "../../image/source_list.ts";
import { makeBuildFolder } from "./build_folder.ts";
import { answering, isAbsent } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";
import type { InputDetails } from "./image_inputs.ts";
import { findLayoutImage, type LayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";

/** Images that were built on this machine, each by the digest of its inputs: what was built is not built again. */
export interface BuiltImages {
  /** A place for a build of its own, which nobody sees before `keep`. Gone when it is disposed of. */
  draft(inputs: Digest): Promise<Result<Draft, ImageFault>>;
  /** An image that is whole; `undefined` where it was not built here, or not to its end. */
  find(inputs: Digest): Promise<LayoutImage | undefined>;
  /** How an image was built, as its provenance says it; `undefined` where it was not built here. */
  provenance(inputs: Digest): Promise<JsonObject | undefined>;
  /** What the inputs of an image were; `undefined` where it was not built here. */
  details(inputs: Digest): Promise<InputDetails | undefined>;
  /** Removes what nobody has built or looked for in a long time. */
  sweep(nowMs: number): Promise<Result<void, ImageFault>>;
}

/** An image in the making. */
export interface Draft extends AsyncDisposable {
  /** The folder of its layout, which is not there yet. */
  readonly layout: string;
  /** Makes it the image of its inputs. */
  keep(made: BuiltRecord): Promise<Result<void, ImageFault>>;
}

/** What is kept beside an image. */
export interface BuiltRecord {
  /** What its inputs were, so that a later plan can say what changed. */
  readonly details: InputDetails;
  /** How it was built, so that whoever vouches for it later need not build it again. */
  readonly provenance: JsonObject;
}

const PRIVATE_MODE = 0o700;
const PROVENANCE_FILE = "provenance.json";
const DETAILS_FILE = "inputs.json";
const LAYOUT = "layout";
/** Two weeks: after that it is built again if anybody wants it. */
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/** Opens the images in `folder/built` of the user's own; a cache, all of which may be deleted. */
export function openBuiltImages(random: Random, folder: string): BuiltImages {
  const home = join(folder, "built");
  const placeOf = (inputs: Digest) => join(home, hexOf(inputs));
  return {
    async find(inputs) {
      const path = join(placeOf(inputs), LAYOUT);
      const layout = await openLayout(path, path);
      const image = layout.ok ? await findLayoutImage(layout.value, undefined) : layout;
      // What is damaged or half there is built again.
      if (!image.ok || await readJson(join(placeOf(inputs), PROVENANCE_FILE)) === undefined) return undefined;
      const now = new Date();
      // What cannot be marked as used is only swept the sooner.
      await answering(`Cannot mark "${path}"`, () => Deno.utime(placeOf(inputs), now, now));
      return image.value;
    },
    async draft(inputs) {
      const own = await makeBuildFolder(random, join(folder, "drafts"));
      if (!own.ok) return own;
      const layout = join(own.value.path, LAYOUT);
      return ok({
        layout,
        keep: (made: BuiltRecord) => keep(layout, placeOf(inputs), made),
        [Symbol.asyncDispose]: () => own.value[Symbol.asyncDispose](),
      });
    },
    provenance: (inputs) => readJson(join(placeOf(inputs), PROVENANCE_FILE)),
    details: async (inputs) => parseDetails(await readJson(join(placeOf(inputs), DETAILS_FILE))),
    sweep: (nowMs) => sweep(home, nowMs),
  };
}

async function keep(
  layout: string,
  place: string,
  { details, provenance }: BuiltRecord,
): Promise<Result<void, ImageFault>> {
  return await answering(`Cannot write "${place}"`, async () => {
    await Deno.mkdir(place, { recursive: true, mode: PRIVATE_MODE });
    const files = [[DETAILS_FILE, JSON.stringify(details)], [PROVENANCE_FILE, JSON.stringify(provenance)]];
    for (const [name = "", text = ""] of files) {
      await Deno.writeTextFile(`${layout}.json`, text);
      await Deno.rename(`${layout}.json`, join(place, name));
    }
    // One that is there is damaged, or the same.
    await removeIfThere(join(place, LAYOUT));
    await Deno.rename(layout, join(place, LAYOUT));
  });
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

async function sweep(home: string, nowMs: number): Promise<Result<void, ImageFault>> {
  return await answering(`Cannot clean "${home}"`, async () => {
    for await (const { name } of Deno.readDir(home)) {
      const path = join(home, name);
      const { mtime } = await Deno.stat(path);
      if (mtime !== null && nowMs - mtime.getTime() > KEPT_MS) await removeIfThere(path);
    }
  });
}

async function readJson(path: string): Promise<JsonObject | undefined> {
  try {
    const json = parseJson(await Deno.readTextFile(path));
    return isJsonObject(json) ? json : undefined;
  } catch (error) {
    if (isAbsent(error) || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function parseDetails(json: JsonObject | undefined): InputDetails | undefined {
  if (json === undefined) return undefined;
  const { files = null, lockText } = json;
  if (!isList(files) || (lockText !== undefined && typeof lockText !== "string")) return undefined;
  const parsed = files.flatMap((each) => parseFile(each) ?? []);
  return parsed.length === files.length ? { files: parsed, lockText } : undefined;
}

function parseFile(json: Json): SourceFile | undefined {
  if (!isJsonObject(json)) return undefined;
  const { hash, path, type } = json;
  if (typeof hash !== "string" || typeof path !== "string") return undefined;
  return type === "x" || type === "-" || type === "l" ? { path, type, hash } : undefined;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
