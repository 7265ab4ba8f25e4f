import { join, resolve } from "node:path";
import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { parseReference, type Reference, referenceText } from "../../image/reference.ts";
import type { ImagePush, ImageTools, LayoutPlace, PushedImage, RegistryAccess } from "../image_tools.ts";
import { audit } from "./audit_gate.ts";
import { buildImage } from "./build_image.ts";
import { type Credential, findCredential } from "./credentials.ts";
import { credentialSources } from "./credential_sources.ts";
import { answering } from "./file_answer.ts";
import { imageFacts } from "./image_facts.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { placeBom, placeSubject } from "./image_place.ts";
import { findLayoutImage, type LayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { pushImage } from "./push_image.ts";
import { type BaseParts, lockBases } from "./registry_base.ts";
import { openRegistry, type RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { registryPlace } from "./registry_url.ts";

/** What the tools work with. */
export interface ToolParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: (name: string) => string | undefined;
  /** Absolute. */
  readonly workingFolder: string;
  /** The version of smelt, by which documents name their writer. */
  readonly toolVersion: string;
  /** Where what came from registries is kept. */
  readonly cacheFolder: string;
  /** Told of each credential that is read, so that it is shown nowhere. */
  readonly noteSecret?: (text: string) => void;
}

/** Images over the files of this machine and over registries. */
export function imageTools(parts: ToolParts): ImageTools {
  return {
    build: async (request, signal) => {
      const { cacheFolder, random, readVariable, workingFolder: folder } = parts;
      const cargo = {
        random,
        folder,
        buildFolder: join(cacheFolder, "builds"),
        readVariable,
        epoch: request.epoch,
        signal,
      };
      const bases = baseParts(parts, request);
      const { clock, toolVersion } = parts;
      const built = await buildImage(random, { ...request, folder, clock, toolVersion, bases, cargo });
      if (!built.ok) return built;
      const { layout, tags } = request;
      // What was written is read back: what is told of it is true.
      const image = await openImage(parts, { layout, tag: tags[0] }, built.value.image.index.digest);
      const facts = image.ok ? await imageFacts(image.value) : image;
      return facts.ok ? ok({ ...facts.value, audit: built.value.audit, boms: built.value.boms }) : facts;
    },
    audit: async (request) => {
      const { clock, workingFolder: folder } = parts;
      const subject = await placeSubject(folder, request);
      return subject.ok ? await audit({ clock, folder }, request, subject.value) : subject;
    },
    bom: (question) => placeBom(parts.workingFolder, question, parts.toolVersion),
    inspect: async (place) => {
      const image = await openImage(parts, place);
      return image.ok ? await imageFacts(image.value) : image;
    },
    lock: (references, access) => lockBases(baseParts(parts, access), references),
    push: (request) => push(parts, request),
  };
}

function baseParts(parts: ToolParts, access: RegistryAccess): BaseParts {
  const { cacheFolder, random, workingFolder } = parts;
  const openClient = (reference: Reference) => openClientOf(parts, reference, access);
  return { random, folder: workingFolder, cacheFolder: join(cacheFolder, "images"), openClient };
}

function secretOf(credential: Credential): string {
  return credential.kind === "password" ? credential.password : credential.token;
}

async function openClientOf(
  parts: ToolParts,
  { host, repository }: Reference,
  { caFile, insecure }: RegistryAccess,
): Promise<Result<RegistryClient, ImageFault>> {
  const certificates = caFile === undefined ? ok([]) : await answering(
    `Cannot read "${caFile}"`,
    async () => [await Deno.readTextFile(resolve(parts.workingFolder, caFile))],
  );
  if (!certificates.ok) return certificates;
  return ok(openRegistry({
    clock: parts.clock,
    random: parts.random,
    place: registryPlace(host, new Set(insecure)),
    repository,
    credential: async () => {
      const found = await findCredential(credentialSources(parts.readVariable), host, repository);
      if (found.ok && found.value !== undefined) parts.noteSecret?.(secretOf(found.value));
      return found;
    },
    caCertificates: certificates.value,
  }));
}

async function openImage(
  { workingFolder }: ToolParts,
  { layout: shown, tag }: LayoutPlace,
  digest?: string,
): Promise<Result<LayoutImage, ImageFault>> {
  const layout = await openLayout(resolve(workingFolder, shown), shown);
  if (!layout.ok) return layout;
  const entries = digest === undefined
    ? layout.value.entries
    : layout.value.entries.filter((each) => each["digest"] === digest);
  return await findLayoutImage({ ...layout.value, entries }, tag);
}

async function push(
  parts: ToolParts,
  request: ImagePush,
): Promise<Result<PushedImage, ImageFault | RegistryFault>> {
  const { tags, to } = request;
  const reference = parseReference(to);
  if (!reference.ok) return err(imageFault(`Cannot send to "${to}": ${reference.error}`));
  const { host, repository, tag } = reference.value;
  if (reference.value.digest !== undefined) {
    return err(
      imageFault(
        `Cannot send to "${to}": a digest says what an image is, not where it goes; name a tag, or none`,
      ),
    );
  }
  const all = [...new Set([...tag === undefined ? [] : [tag], ...tags])];
  const wrong = all.find((each) => !parseReference(`${host}/${repository}:${each}`).ok);
  if (wrong !== undefined) {
    return err(
      imageFault(`Cannot use the tag "${wrong}": wanted at most 128 letters, digits, ".", "_" and "-"`),
    );
  }
  const image = await openImage(parts, request);
  if (!image.ok) return image;
  const client = await openClientOf(parts, reference.value, request);
  if (!client.ok) return client;
  try {
    const pushed = await pushImage(client.value, image.value, all);
    if (!pushed.ok) return pushed;
    const { digest, heldBlobs, sentBlobs } = pushed.value;
    return ok({
      reference: referenceText({ host, repository, tag: undefined, digest }),
      tags: all,
      sentBlobs,
      heldBlobs,
    });
  } finally {
    client.value.close();
  }
}
