import { err, ok, type Result } from "../../engine/result.ts";
import type { Blob } from "../../image/descriptor.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";

const TRIES = 3;
/** A registry may not see blobs yet that it has just taken. */
const LATE_CODES: ReadonlySet<string> = new Set([
  "MANIFEST_BLOB_UNKNOWN",
  "MANIFEST_INVALID",
  "BLOB_UNKNOWN",
]);

/** What a registry said of a manifest that it has taken. */
export interface PutManifest {
  /** `undefined`: the tag was moved by somebody else since it was read. */
  readonly headers: Headers | undefined;
}

/** Puts a manifest or an index under a digest or a tag; `ifMatch` is what the tag must still stand for, as the registry named it. */
export async function putManifest(
  { repository, request }: RegistryClient,
  { bytes, digest, mediaType }: Blob,
  { ifMatch, name }: { readonly name: string; readonly ifMatch?: string },
): Promise<Result<PutManifest, RegistryFault | ImageFault>> {
  const action = `Cannot put ${name} into "${repository}"`;
  for (let count = 1;; count++) {
    const answer = await request({
      method: "PUT",
      target: `${repository}/manifests/${name}`,
      headers: { "content-type": mediaType, ...(ifMatch === undefined ? {} : { "if-match": ifMatch }) },
      body: bytes,
      wanted: ifMatch === undefined ? [201] : [201, 412],
      action,
      access: "push",
    });
    if (answer.ok) {
      const { body, headers, status } = answer.value;
      await body?.cancel();
      if (status === 412) return ok({ headers: undefined });
      const told = headers.get("docker-content-digest");
      return told === null || told === digest
        ? ok({ headers })
        : err(damageFault(`${action}: it was taken as ${told}, and is ${digest}`));
    }
    const isLate = answer.error.kind === "registry" &&
      answer.error.codes.some((code) => LATE_CODES.has(code));
    if (!isLate || count === TRIES) return answer;
  }
}
