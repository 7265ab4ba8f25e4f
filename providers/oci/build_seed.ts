import { join } from "node:path";
import { canonicalJson } from "../../engine/canonical_json.ts";
import type { Json } from "../../engine/json.ts";
import type { Result } from "../../engine/result.ts";
import type { CargoOutcome } from "../../image/cargo_messages.ts";
import { isSeedEntry, SEED_FOLDERS } from "../../image/seed_entries.ts";
import { answering, isAbsent } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";
import { removeTree } from "./remove_tree.ts";
import { sha256 } from "./sha256.ts";

const PRIVATE_MODE = 0o700;
/** How many are kept; the one that was not used for the longest goes first. */
const SEED_LIMIT = 8;

/**
 * Compiled dependencies of an earlier build, which a build begins with. Never what belongs to a folder of this machine; and
 * whether something may be used is for cargo to say, which compiles again what was made otherwise.
 */
export interface BuildSeed {
  /** Copies what is there into the folder that cargo will build in. */
  plant(): Promise<Result<"planted" | "none", ImageFault>>;
  /** Takes what a build has compiled; the folder is of no use to cargo afterwards. */
  save(outcome: CargoOutcome): Promise<Result<void, ImageFault>>;
}

/** Where a seed lies, where the build lies that it is for, and all that its use depends on. */
export interface SeedPlace {
  readonly seedFolder: string;
  readonly buildFolder: string;
  readonly targetFolder: string;
  readonly key: Json;
}

const encoder = new TextEncoder();

/** The seed of a build; one of another key is another seed. */
export function buildSeed({ buildFolder, key, seedFolder, targetFolder }: SeedPlace): BuildSeed {
  const place = join(seedFolder, sha256(encoder.encode(canonicalJson(key))));
  return {
    plant: () =>
      answering(`Cannot read what earlier builds left in "${seedFolder}"`, async () => {
        try {
          await copyTree(place, targetFolder);
          const now = new Date();
          await Deno.utime(place, now, now);
          return "planted";
        } catch (error) {
          if (!isAbsent(error)) throw error;
          await removeTree(targetFolder);
          return "none";
        }
      }),
    save: (outcome) =>
      answering(`Cannot keep what was compiled in "${seedFolder}"`, async () => {
        if (!outcome.packages.some(({ origin }) => origin === "fixed")) return;
        const made = join(buildFolder, "seed");
        await moveEntries(targetFolder, made, outcome);
        await Deno.mkdir(seedFolder, { recursive: true, mode: PRIVATE_MODE });
        await removeTree(place);
        await Deno.rename(made, place);
        await prune(seedFolder);
      }),
  };
}

/** Copies files with their times, by which cargo tells what came after what. */
async function copyTree(from: string, to: string): Promise<void> {
  const { atime, mtime } = await Deno.stat(from);
  await Deno.mkdir(to, { recursive: true, mode: PRIVATE_MODE });
  for await (const { isDirectory, isFile, name } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyTree(source, target);
    if (!isFile) continue;
    await Deno.copyFile(source, target);
    const times = await Deno.stat(source);
    await Deno.utime(target, times.atime ?? new Date(0), times.mtime ?? new Date(0));
  }
  await Deno.utime(to, atime ?? new Date(0), mtime ?? new Date(0));
}

async function moveEntries(targetFolder: string, to: string, outcome: CargoOutcome): Promise<void> {
  for (const profile of await profileFolders(targetFolder)) {
    for (const folder of SEED_FOLDERS) {
      const from = join(targetFolder, profile, folder);
      const names = (await foldersAndFiles(from)).filter((name) => isSeedEntry(folder, name, outcome));
      if (names.length === 0) continue;
      const place = join(to, profile, folder);
      await Deno.mkdir(place, { recursive: true, mode: PRIVATE_MODE });
      for (const name of names) await Deno.rename(join(from, name), join(place, name));
    }
  }
  await Deno.mkdir(to, { recursive: true, mode: PRIVATE_MODE });
}

/** `release` for what runs while building, and `TARGET/release`. */
async function profileFolders(targetFolder: string): Promise<readonly string[]> {
  const outer = await foldersAndFiles(targetFolder);
  const inner = await Promise.all(outer.map(async (name) => {
    const below = await foldersAndFiles(join(targetFolder, name));
    return below.map((each) => join(name, each));
  }));
  return [...outer, ...inner.flat()];
}

async function foldersAndFiles(folder: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(folder)) names.push(name);
    return names;
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function prune(seedFolder: string): Promise<void> {
  const seeds = await Promise.all((await foldersAndFiles(seedFolder)).map(async (name) => {
    const path = join(seedFolder, name);
    return { path, usedMs: (await Deno.stat(path)).mtime?.getTime() ?? 0 };
  }));
  const old = seeds.toSorted((a, b) => b.usedMs - a.usedMs).slice(SEED_LIMIT);
  for (const { path } of old) await removeTree(path);
}
