import { join } from "node:path";
import type { JsonObject } from "../../engine/json.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type Blob, descriptorJson } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import { blobPath, layoutIndex } from "../../image/layout.ts";
import { parsePlatform, type Platform } from "../../image/platform.ts";
import { parseReference, type Reference, referenceText } from "../../image/reference.ts";
import type { LockedBase } from "../image_tools.ts";
import { type BaseLock, LOCK_FILE, readBaseLock, writeBaseLock } from "./base_lock.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { damageFault, type ImageFault, imageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage } from "./layout_base.ts";
import { entryDescriptor, type LayoutFolder, readLayoutBlob } from "./layout_folder.ts";
import { finishLayout, makeLayout } from "./layout_writer.ts";
import { pullDocument, pullImage } from "./pull_image.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";

type Fault = RegistryFault | ImageFault;

/** What bases of registries are found with. */
export interface BaseParts {
  readonly random: Random;
  /** Where `image.lock` lies. */
  readonly folder: string;
  /** Where images of registries are kept, a layout; shared by all projects of a user. */
  readonly cacheFolder: string;
  openClient(reference: Reference): Promise<Result<RegistryClient, ImageFault>>;
}

/** A base, as it was asked for. */
export interface RegistryBaseRequest {
  readonly reference: string;
  readonly platforms: readonly string[];
  readonly lock: "followed" | "frozen";
}

/**
 * The image of a registry that a build stands on, brought into the cache: what `image.lock` says that its tag stands for. A tag
 * that is not there is looked up and written there; one whose image is in the cache needs no network.
 */
export async function registryBase(
  parts: BaseParts,
  { lock: mode, platforms, reference: text }: RegistryBaseRequest,
): Promise<Result<LayoutImage, Fault>> {
  const reference = readReference(text);
  if (!reference.ok) return reference;
  const lock = await readBaseLock(parts.folder);
  if (!lock.ok) return lock;
  const name = lockName(reference.value);
  const locked = lock.value.get(name);
  const digest = reference.value.digest ?? locked;
  if (locked !== undefined && digest !== locked) {
    return err(imageFault(
      `Cannot build on "${text}": ${LOCK_FILE} says that "${name}" is ${locked}`,
      `Write the digest that is right, or run: smelt image lock ${name}`,
    ));
  }
  if (digest === undefined && mode === "frozen") {
    return err(
      imageFault(
        `Cannot build on "${text}": ${LOCK_FILE} does not name it, and --frozen asks for that`,
        `Run: smelt image lock ${name}`,
      ),
    );
  }
  const brought = await withClient(
    parts,
    reference.value,
    (client) =>
      bring(parts, client, {
        name: digest ?? tagOf(reference.value),
        digest,
        platforms: platforms.flatMap((each) => parsePlatform(each) ?? []),
      }),
  );
  if (!brought.ok) return brought;
  const { descriptor } = brought.value;
  if (digest === undefined) {
    const kept = await writeBaseLock(
      parts.random,
      parts.folder,
      new Map([...lock.value, [name, descriptor.digest]]),
    );
    if (!kept.ok) return kept;
  }
  return ok({ ...brought.value, name });
}

/** Brings an image into the cache, as far as it is not there. */
async function bring(
  { cacheFolder, random }: BaseParts,
  client: RegistryClient,
  { digest, name, platforms }: {
    readonly name: string;
    readonly digest: Digest | undefined;
    readonly platforms: readonly Platform[];
  },
): Promise<Result<LayoutImage, Fault>> {
  const layout = await makeLayout(cacheFolder, cacheFolder);
  if (!layout.ok) return layout;
  const entry = layout.value.entries.find((each) => digest !== undefined && each["digest"] === digest);
  const noted = entry === undefined ? ok("gone") : await noteUse(layout.value, entry);
  if (!noted.ok) return noted;
  const held = noted.value === "here" ? entry : undefined;
  const document = held === undefined
    ? await pullDocument(client, name)
    : await heldDocument(layout.value, held);
  if (!document.ok) return document;
  const pulled = await pullImage(random, client, {
    document: document.value,
    layout: layout.value,
    platforms,
  });
  if (!pulled.ok) return pulled;
  if (held === undefined) {
    const index = layoutIndex(sha256, { index: document.value, tags: [], before: layout.value.entries });
    const finished = await finishLayout(random, layout.value, index);
    if (!finished.ok) return finished;
  }
  return await findLayoutImage({ ...layout.value, entries: [descriptorJson(document.value)] }, undefined);
}

/** Notes when an image was used last, for whoever clears the cache; tells whether its document is there. */
async function noteUse(
  { folder, shown }: LayoutFolder,
  entry: JsonObject,
): Promise<Result<"here" | "gone", ImageFault>> {
  const descriptor = entryDescriptor(entry);
  if (descriptor === undefined) return ok("gone");
  return await answering(`Cannot note that an image of "${shown}" is used`, async () => {
    const now = new Date();
    try {
      await Deno.utime(join(folder, blobPath(descriptor.digest)), now, now);
      return "here";
    } catch (error) {
      if (isAbsent(error)) return "gone";
      throw error;
    }
  });
}

async function heldDocument(layout: LayoutFolder, entry: JsonObject): Promise<Result<Blob, ImageFault>> {
  const descriptor = entryDescriptor(entry);
  if (descriptor === undefined) {
    return err(damageFault(`Cannot read "${layout.shown}": an entry of its index names no blob`));
  }
  const bytes = await readLayoutBlob(layout, descriptor);
  return bytes.ok ? ok({ ...descriptor, bytes: bytes.value }) : bytes;
}

async function withClient<T>(
  parts: BaseParts,
  reference: Reference,
  work: (client: RegistryClient) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  const client = await parts.openClient(reference);
  if (!client.ok) return client;
  try {
    return await work(client.value);
  } finally {
    client.value.close();
  }
}

/** Looks up what references stand for now, all of the lock where none is given, and writes the lock. */
export async function lockBases(
  parts: BaseParts,
  references: readonly string[],
): Promise<Result<readonly LockedBase[], Fault>> {
  const lock = await readBaseLock(parts.folder);
  if (!lock.ok) return lock;
  const found = new Map<string, Digest>();
  for (const text of references.length === 0 ? lock.value.keys() : references) {
    const reference = readReference(text);
    if (!reference.ok) return reference;
    if (reference.value.digest !== undefined) {
      return err(imageFault(`Cannot look up "${text}": a digest stands for itself; name a tag`));
    }
    const document = await withClient(
      parts,
      reference.value,
      (client) => pullDocument(client, tagOf(reference.value)),
    );
    if (!document.ok) return document;
    found.set(lockName(reference.value), document.value.digest);
  }
  const after: BaseLock = new Map([...lock.value, ...found]);
  const written = await writeBaseLock(parts.random, parts.folder, after);
  if (!written.ok) return written;
  return ok(
    [...found].map(([reference, digest]) => ({ reference, digest, before: lock.value.get(reference) })),
  );
}

const DEFAULT_TAG = "latest";

function tagOf({ tag }: Reference): string {
  return tag ?? DEFAULT_TAG;
}

/** The name under which a lock has a reference: with its tag, without a digest. */
function lockName(reference: Reference): string {
  return referenceText({ ...reference, tag: tagOf(reference), digest: undefined });
}

function readReference(text: string): Result<Reference, ImageFault> {
  const reference = parseReference(text);
  return reference.ok ? reference : err(imageFault(`Cannot use "${text}" as a base: ${reference.error}`));
}
