import type { Clock } from "../../engine/clock.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type BuiltIndex, instantOf } from "../../image/assemble_image.ts";
import { parseReference, referenceText } from "../../image/reference.ts";
import type { ImageBuild } from "../image_tools.ts";
import {
  type AttachedDocument,
  type MadeAttachments,
  makeAttachments,
  provenanceDocument,
  signatureDocument,
} from "./attach_image.ts";
import type { AttachmentPlace } from "./attached.ts";
import { buildFacts, type FinishedBuild } from "./build_facts.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** A build that is over but for its attachments. */
export interface VouchedBuild extends Omit<FinishedBuild, "request" | "attest" | "finishedMs"> {
  /** What is attached already where the image is going to be written. */
  readonly held: AttachmentPlace;
}

/** What a build asks for. */
interface VouchRequest extends ImageBuild {
  readonly folder: string;
  readonly clock: Clock;
}

/**
 * Makes what is attached to an image that was just built: the documents, and where a key stands for it a signature, the
 * provenance, and a statement of each document.
 */
export async function vouchFor(
  request: VouchRequest,
  { images, index }: BuiltIndex,
  { held, ...made }: VouchedBuild,
): Promise<Result<MadeAttachments, ImageFault | RegistryFault>> {
  const { attest, epoch = 0, name } = request;
  const repository = attest?.repository === undefined ? ok(name) : repositoryName(attest.repository);
  if (!repository.ok) return repository;
  const documents: AttachedDocument[] = [...made.documents];
  if (attest !== undefined) documents.push(signatureDocument(index));
  if (attest?.provenance === "stated") {
    const facts = await buildFacts({ ...made, request, attest, finishedMs: request.clock.wallMs() });
    documents.push(provenanceDocument(index, images.map(({ manifest }) => manifest), facts));
  }
  return await makeAttachments(held, {
    documents,
    signer: attest?.signer,
    repository: repository.value,
    created: instantOf(epoch),
    cosignTags: attest?.cosignTags ?? "left",
  });
}

function repositoryName(text: string): Result<string, ImageFault> {
  const reference = parseReference(text);
  if (!reference.ok) return err(imageFault(`Cannot sign for "${text}": ${reference.error}`));
  const { digest, tag } = reference.value;
  return tag === undefined && digest === undefined
    ? ok(referenceText(reference.value))
    : err(imageFault(`Cannot sign for "${text}": it has a tag or a digest, wanted only a name`));
}
