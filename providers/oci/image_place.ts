import type { CallFailure } from "../../engine/call_failure.ts";
import { err, type Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { parseReference, type Reference } from "../../image/reference.ts";
import { sectionFields, textList } from "../field_reader.ts";
import type { ImageTools, RegistryAccess } from "../image_tools.ts";
import type { BaseKeyParts } from "./base_signature.ts";
import type { BuildParts } from "./image_build.ts";
import { imageFailure } from "./image_failure.ts";
import type { ImageFault } from "./image_fault.ts";
import { readRepository } from "./image_fields.ts";
import { inputHash } from "./image_inputs.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { SupplyParts } from "./supply_image.ts";

/** What images are made, sent and read with. */
export interface ImageParts extends BuildParts, SupplyParts, BaseKeyParts {
  readonly tools: Pick<ImageTools, "audit" | "build" | "verify">;
  openClient(reference: Reference, access: RegistryAccess): Promise<Result<RegistryClient, ImageFault>>;
}

/** Where an id leads: one that was imported says its digest too. */
export function idPlace(
  id: string,
): { readonly repository: Reference; readonly digest: Reference["digest"] } | undefined {
  const reference = parseReference(id);
  const name = readRepository(id.split("@", 1)[0] ?? "");
  return reference.ok && name.ok ? { repository: name.value, digest: reference.value.digest } : undefined;
}

/** The digest under which an image is known: what the last call gave, or what was built of the same inputs here. */
export async function knownDigest(
  { built }: Pick<ImageParts, "built">,
  applied: ValueRecord,
  outputs: ValueRecord | undefined,
): Promise<Reference["digest"]> {
  const told = outputs?.["digest"];
  if (typeof told === "string") {
    const reference = parseReference(`told@${told}`);
    return reference.ok ? reference.value.digest : undefined;
  }
  if (Object.keys(sectionFields(applied, "inputs")).length === 0) return undefined;
  return (await built.find(inputHash(applied)))?.descriptor.digest;
}

/** How the registry of an image was reached when it was sent last. */
export function accessOf(applied: ValueRecord): RegistryAccess {
  const publish = sectionFields(applied, "publish");
  const caFile = publish["ca_file"];
  return { insecure: textList(publish, "insecure"), caFile: typeof caFile === "string" ? caFile : undefined };
}

/** Lets `work` ask the registry of a repository. */
export async function withClient<T>(
  parts: Pick<ImageParts, "openClient">,
  { access, repository }: { readonly repository: Reference; readonly access: RegistryAccess },
  work: (client: RegistryClient) => Promise<Result<T, CallFailure>>,
): Promise<Result<T, CallFailure>> {
  const client = await parts.openClient(repository, access);
  if (!client.ok) return err(imageFailure(client.error, "notDone"));
  try {
    return await work(client.value);
  } finally {
    client.value.close();
  }
}
