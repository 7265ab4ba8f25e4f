import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import {
  type BaseManifest,
  blobFault,
  MANIFEST_LIMIT_BYTES,
  readBaseDocument,
} from "../../image/base_image.ts";
import { type Blob, blobOf, type Descriptor } from "../../image/descriptor.ts";
import { BASE_INDEXES, BASE_MANIFESTS } from "../../image/media_type.ts";
import { findPlatform, type Platform } from "../../image/platform.ts";
import { joinBytes } from "../../image/join_bytes.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { type LayoutFolder, readLayoutBlob } from "./layout_folder.ts";
import { putBlob, putBlobBy } from "./layout_writer.ts";
import type { RegistryClient } from "./registry_client.ts";
import { noAnswer, type RegistryFault } from "./registry_fault.ts";
import { openDigest, sha256 } from "./sha256.ts";
import { writeAll } from "./write_all.ts";

type Fault = RegistryFault | ImageFault;

const TRIES = 3;
const ACCEPT = [...BASE_INDEXES, ...BASE_MANIFESTS].join(", ");

/** What a tag or a digest of a registry stands for: the document itself. Its digest is made from its bytes, whatever the registry says. */
export async function pullDocument(client: RegistryClient, name: string): Promise<Result<Blob, Fault>> {
  const action = `Cannot read "${name}" of "${client.place.host}/${client.repository}"`;
  const answer = await client.request({
    method: "GET",
    target: `${client.repository}/manifests/${name}`,
    headers: { accept: ACCEPT },
    wanted: [200],
    action,
    access: "pull",
  });
  if (!answer.ok) return answer;
  const bytes = await limitedBytes(answer.value, MANIFEST_LIMIT_BYTES);
  if (bytes === undefined) {
    return err(damageFault(`${action}: it has more than ${MANIFEST_LIMIT_BYTES} bytes`));
  }
  const mediaType = (answer.value.headers.get("content-type") ?? "").split(";", 1)[0]?.trim() ?? "";
  const blob = blobOf(sha256, mediaType, bytes);
  return !name.startsWith("sha256:") || name === blob.digest
    ? ok(blob)
    : err(damageFault(`${action}: what came has the digest ${blob.digest}`));
}

/** Brings an image for these platforms into a layout, as far as it is not there: its documents, then its layers. */
export async function pullImage(
  random: Random,
  client: RegistryClient,
  { document, layout, platforms }: {
    readonly document: Blob;
    readonly layout: LayoutFolder;
    readonly platforms: readonly Platform[];
  },
): Promise<Result<void, Fault>> {
  const read = readBaseDocument(document.bytes, document.mediaType);
  if (!read.ok) {
    return err(damageFault(`Cannot use ${document.digest} of "${client.repository}": ${read.error}`));
  }
  const manifests: BaseManifest[] = [];
  if (read.value.kind === "manifest") manifests.push(read.value.manifest);
  else {
    const { entries } = read.value;
    const found = platforms.map((wanted) => findPlatform(entries.map(({ platform }) => platform), wanted));
    // What the base lacks is told where it is built on.
    for (const entry of new Set(found.flatMap((at) => at === undefined ? [] : entries[at] ?? []))) {
      const manifest = await pullManifest(random, client, layout, entry);
      if (!manifest.ok) return manifest;
      manifests.push(manifest.value);
    }
  }
  for (const { config, layers } of manifests) {
    for (const blob of [config, ...layers]) {
      const pulled = await pullBlob(random, client, layout, blob);
      if (!pulled.ok) return pulled;
    }
  }
  return await putBlob(random, layout, document);
}

async function pullManifest(
  random: Random,
  client: RegistryClient,
  layout: LayoutFolder,
  entry: Descriptor,
): Promise<Result<BaseManifest, Fault>> {
  const where = `${entry.digest} of "${client.repository}"`;
  const held = await readLayoutBlob(layout, entry);
  const pulled = held.ok ? ok({ ...entry, bytes: held.value }) : await pullDocument(client, entry.digest);
  if (!pulled.ok) return pulled;
  const fault = blobFault(sha256, entry, pulled.value.bytes);
  if (fault !== undefined) return err(damageFault(`Cannot trust ${where}: ${fault}`));
  const document = readBaseDocument(pulled.value.bytes, entry.mediaType);
  if (!document.ok) return err(damageFault(`Cannot use ${where}: ${document.error}`));
  if (document.value.kind !== "manifest") {
    return err(damageFault(`Cannot use ${where}: it is an index within an index`));
  }
  const put = await putBlob(random, layout, { ...pulled.value, mediaType: entry.mediaType });
  return put.ok ? ok(document.value.manifest) : put;
}

/** A connection that ends in the middle is tried again, from the start. */
async function pullBlob(
  random: Random,
  client: RegistryClient,
  layout: LayoutFolder,
  blob: Descriptor,
): Promise<Result<void, Fault>> {
  for (let count = 1;; count++) {
    const put = await putBlobBy(random, layout, blob, (file) => download(client, blob, file));
    const isCut = !put.ok && put.error.kind === "registry" && put.error.status === 0;
    if (!isCut || count === TRIES) return put;
  }
}

/** The file is thrown away unless what came is what was named. */
async function download(
  client: RegistryClient,
  blob: Descriptor,
  file: Deno.FsFile,
): Promise<Result<void, Fault>> {
  const action = `Cannot read the blob ${blob.digest} of "${client.repository}"`;
  const answer = await client.request({
    method: "GET",
    target: `${client.repository}/blobs/${blob.digest}`,
    wanted: [200],
    action,
    access: "pull",
    expectedBytes: blob.sizeBytes,
  });
  if (!answer.ok) return answer;
  const digest = openDigest();
  try {
    for await (const bytes of answer.value.body ?? []) {
      digest.push(bytes);
      if (digest.sizeBytes() > blob.sizeBytes) {
        return err(damageFault(`${action}: more came than the ${blob.sizeBytes} bytes that were named`));
      }
      await writeAll(file, bytes);
    }
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
    return err(noAnswer(action, new URL(answer.value.url), error));
  }
  const found = digest.end();
  return `sha256:${found.hex}` === blob.digest && found.sizeBytes === blob.sizeBytes
    ? ok(undefined)
    : err(damageFault(`${action}: what came is sha256:${found.hex} of ${found.sizeBytes} bytes`));
}

/** The body of an answer; `undefined` when there is more. */
export async function limitedBytes(
  response: Response,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of response.body ?? []) {
    sizeBytes += piece.length;
    if (sizeBytes > limitBytes) return undefined;
    pieces.push(piece);
  }
  return joinBytes(pieces);
}
