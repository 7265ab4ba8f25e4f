import { join } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { blobFault } from "../../image/base_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { parseDigest } from "../../image/digest.ts";
import { blobPath, LAYOUT_FILE, LAYOUT_INDEX } from "../../image/layout.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { damageFault, type ImageFault, imageFault } from "./image_fault.ts";
import { openDigest, sha256 } from "./sha256.ts";

/** Blobs of a layout up to this size are read whole; larger ones only in pieces. */
const WHOLE_LIMIT_BYTES = 8 * 1024 * 1024;
const INDEX_LIMIT_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 1 << 20;

/** A folder in the layout of OCI image-spec, image-layout.md. Nothing in it is believed before its digest was looked at. */
export interface LayoutFolder {
  /** As it was asked for. */
  readonly shown: string;
  readonly folder: string;
  /** The entries of `index.json`. */
  readonly entries: readonly JsonObject[];
}

/** Opens a layout to read; the fault says why the folder is none. */
export async function openLayout(folder: string, shown: string): Promise<Result<LayoutFolder, ImageFault>> {
  const marker = await readIfThere(join(folder, LAYOUT_FILE), shown);
  if (!marker.ok) return marker;
  const version = marker.value === undefined ? undefined : parseJson(new TextDecoder().decode(marker.value));
  if (!isJsonObject(version) || version["imageLayoutVersion"] !== "1.0.0") {
    return err(
      imageFault(
        `Cannot read "${shown}": it is no OCI layout, wanted a folder with a file "${LAYOUT_FILE}" of version 1.0.0`,
      ),
    );
  }
  const bytes = await readIfThere(join(folder, LAYOUT_INDEX), shown);
  if (!bytes.ok) return bytes;
  const entries = bytes.value === undefined
    ? undefined
    : entriesOf(parseJson(new TextDecoder().decode(bytes.value)));
  return entries === undefined
    ? err(imageFault(`Cannot read "${shown}": its "${LAYOUT_INDEX}" is missing, or no index`))
    : ok({ shown, folder, entries });
}

/** Reads a document of a layout, of 8 MiB at most where nothing else is said, and holds it against its descriptor. */
export async function readLayoutBlob(
  { folder, shown }: LayoutFolder,
  descriptor: Descriptor,
  limitBytes = WHOLE_LIMIT_BYTES,
): Promise<Result<Uint8Array<ArrayBuffer>, ImageFault>> {
  const name = `blob ${descriptor.digest} of "${shown}"`;
  if (descriptor.sizeBytes > limitBytes) {
    return err(
      damageFault(`Cannot read the ${name}: ${descriptor.sizeBytes} bytes are too many for a document`),
    );
  }
  const bytes = await answering(
    `Cannot read the ${name}`,
    () => Deno.readFile(join(folder, blobPath(descriptor.digest))),
  );
  if (!bytes.ok) return bytes;
  const fault = blobFault(sha256, descriptor, bytes.value);
  return fault === undefined ? bytes : err(damageFault(`Cannot trust the ${name}: ${fault}`));
}

/**
 * Tells `see` of a blob in pieces, each of which it must have used once it resolves, and then whether they were what the
 * descriptor names: only then may they be believed.
 */
export async function streamLayoutBlob(
  { folder, shown }: LayoutFolder,
  descriptor: Descriptor,
  see: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void,
): Promise<Result<void, ImageFault>> {
  const name = `blob ${descriptor.digest} of "${shown}"`;
  const read = await answering(`Cannot read the ${name}`, async () => {
    using file = await Deno.open(join(folder, blobPath(descriptor.digest)));
    const digest = openDigest();
    const piece = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const count = await file.read(piece);
      if (count === null) return digest.end();
      digest.push(piece.subarray(0, count));
      await see(piece.subarray(0, count));
    }
  });
  if (!read.ok) return read;
  const { hex, sizeBytes } = read.value;
  const isIt = `sha256:${hex}` === descriptor.digest && sizeBytes === descriptor.sizeBytes;
  return isIt
    ? ok(undefined)
    : err(damageFault(`Cannot trust the ${name}: it is sha256:${hex} of ${sizeBytes} bytes`));
}

/** The descriptor in an entry of `index.json`. */
export function entryDescriptor(entry: JsonObject): Descriptor | undefined {
  const { digest, mediaType, size } = entry;
  const parsedDigest = typeof digest === "string" ? parseDigest(digest) : undefined;
  if (parsedDigest === undefined || typeof mediaType !== "string" || typeof size !== "number") {
    return undefined;
  }
  return { mediaType, digest: parsedDigest, sizeBytes: size };
}

async function readIfThere(path: string, shown: string): Promise<Result<Uint8Array | undefined, ImageFault>> {
  return await answering(`Cannot read "${shown}"`, async () => {
    try {
      const { isFile, size } = await Deno.stat(path);
      return isFile && size <= INDEX_LIMIT_BYTES ? await Deno.readFile(path) : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
}

function entriesOf(json: Json | undefined): readonly JsonObject[] | undefined {
  const manifests = isJsonObject(json) ? json["manifests"] : undefined;
  return Array.isArray(manifests) && manifests.every(isJsonObject) ? manifests : undefined;
}
