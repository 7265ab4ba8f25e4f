import { err, ok, type Result } from "../engine/result.ts";
import { type Blob, blobOf } from "./descriptor.ts";
import { type Digest, digestOf, type Sha256 } from "./digest.ts";
import { gzip } from "./gzip.ts";
import { MEDIA_TYPES } from "./media_type.ts";
import { type TarFile, writeTar } from "./tar.ts";

/** A layer of an image: the compressed archive, and the digest of the archive itself. */
export interface Layer {
  readonly blob: Blob;
  /** The digest of the uncompressed archive (OCI image-spec, config.md, "Layer DiffID"). */
  readonly diffId: Digest;
  /** The uncompressed archive. */
  readonly archive: Uint8Array<ArrayBuffer>;
}

/** Makes the layer that holds `files`; `mtime` is the time of each, in seconds since 1970. */
export function makeLayer(sha256: Sha256, files: readonly TarFile[], mtime: number): Result<Layer, string> {
  const archive = writeTar(files, mtime);
  if (!archive.ok) return err(archive.error);
  return ok({
    blob: blobOf(sha256, MEDIA_TYPES.layer, gzip(archive.value)),
    diffId: digestOf(sha256, archive.value),
    archive: archive.value,
  });
}
