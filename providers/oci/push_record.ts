import { dirname, join } from "node:path";
import { canonicalJson } from "../../engine/canonical_json.ts";
import { isJsonObject, parseJson } from "../../engine/json.ts";
import type { Result } from "../../engine/result.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { answering, isAbsent } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";
import { sha256 } from "./sha256.ts";

/** An image that smelt sent to a repository, and when it did so last. */
export interface SentImage {
  readonly digest: Digest;
  /** The manifests of its platforms. */
  readonly manifests: readonly Digest[];
  readonly atMs: number;
}

/** Reads what was sent from here to `registry/repository`; what is not in the record was sent by others, or is forgotten. */
export async function readSentImages(
  folder: string,
  repository: string,
): Promise<Result<readonly SentImage[], ImageFault>> {
  return await answering(`Cannot read what was sent to "${repository}"`, async () => {
    const images = new Map<string, SentImage>();
    for (const line of (await textOf(recordPath(folder, repository))).split("\n")) {
      const image = sentImage(line, repository);
      // A line is added for each time: the last one counts.
      if (image !== undefined) images.set(image.digest, image);
    }
    return [...images.values()];
  });
}

/** Adds an image to what was sent. */
export async function noteSentImage(
  folder: string,
  repository: string,
  image: SentImage,
): Promise<Result<void, ImageFault>> {
  return await answering(`Cannot note what was sent to "${repository}"`, async () => {
    const path = recordPath(folder, repository);
    await Deno.mkdir(dirname(path), { recursive: true });
    // Whatever ended in the middle of a line does not take the next one with it.
    await Deno.writeTextFile(path, `\n${lineOf(repository, image)}\n`, { append: true });
  });
}

/** Writes what was sent anew, as one step. */
export async function writeSentImages(
  folder: string,
  repository: string,
  images: readonly SentImage[],
): Promise<Result<void, ImageFault>> {
  return await answering(`Cannot note what is left in "${repository}"`, async () => {
    const path = recordPath(folder, repository);
    const temporary = `${path}.new`;
    await Deno.writeTextFile(temporary, images.map((each) => `${lineOf(repository, each)}\n`).join(""));
    await Deno.rename(temporary, path);
  });
}

/** A name of a repository may hold what the name of a file may not. */
function recordPath(folder: string, repository: string): string {
  return join(folder, `${sha256(new TextEncoder().encode(repository))}.jsonl`);
}

function lineOf(repository: string, { atMs, digest, manifests }: SentImage): string {
  return canonicalJson({ at: atMs, digest, manifests, repository });
}

function sentImage(line: string, wanted: string): SentImage | undefined {
  const json = parseJson(line);
  if (!isJsonObject(json)) return undefined;
  const { at, digest, manifests, repository } = json;
  const parsed = typeof digest === "string" ? parseDigest(digest) : undefined;
  if (repository !== wanted || parsed === undefined || typeof at !== "number") return undefined;
  if (!Array.isArray(manifests)) return undefined;
  return {
    digest: parsed,
    atMs: at,
    manifests: manifests.flatMap((each) => typeof each === "string" ? parseDigest(each) ?? [] : []),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isAbsent(error)) return "";
    throw error;
  }
}
