import { imageSigner } from "../../compose/image_keys.ts";
import { invariant } from "../../engine/invariant.ts";
import { loadBlake3 } from "../../trust/blake3.ts";
import { importEd25519, makeEd25519 } from "../../trust/ed25519_key.ts";
import { systemRandom } from "../../actors/system_random.ts";
import type { ImageAttest, ImageSigner } from "../../providers/image_trust.ts";

/** A signer with a key of its own, as the program has them. */
export async function testSigner(name = "me"): Promise<ImageSigner> {
  const key = await importEd25519(await loadBlake3(), name, makeEd25519(systemRandom));
  invariant(key !== undefined, "A new key can be imported");
  const signer = await imageSigner({ kind: "file", key, path: "nowhere" });
  invariant(signer !== undefined, "A new key has a public half");
  return signer;
}

/** What vouches for an image of a test. */
export function testAttest(signer: ImageSigner, changes: Partial<ImageAttest> = {}): ImageAttest {
  return {
    signer,
    repository: undefined,
    provenance: "stated",
    builderId: undefined,
    cosignTags: "left",
    version: "0",
    ...changes,
  };
}
