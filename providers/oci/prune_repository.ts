import { isJsonObject, type Json, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { pullDocument } from "./pull_image.ts";
import type { SentImage } from "./push_record.ts";
import { refusedUrl, type RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { urlFault } from "./registry_url.ts";

type Fault = RegistryFault | ImageFault;

/** What of a repository goes. */
export interface RepositoryPruning {
  /** What smelt sent there. */
  readonly sent: readonly SentImage[];
  /** What was sent last before goes. */
  readonly beforeMs: number;
  readonly mode: "tell" | "remove";
}

/** What went, or would go. */
export interface PrunedRepository {
  readonly images: readonly Digest[];
  /** Manifests of their platforms that nothing else names. */
  readonly manifestCount: number;
  /** What smelt sent and is still there. */
  readonly left: readonly SentImage[];
}

const PAGE_SIZE = 100;
/** More tags than this are refused: whoever does not see them all may remove what one of them names. */
const PAGE_LIMIT = 1_000;

/**
 * Deletes images of a repository.
 *   E1. Only what smelt sent, as its own record says.
 *   E2. Nothing that a tag names, itself or through an index, and nothing that an image that stays is made of.
 *   E3. The index goes before its manifests, so that nothing names what is not there.
 */
export async function pruneRepository(
  client: RegistryClient,
  { beforeMs, mode, sent }: RepositoryPruning,
): Promise<Result<PrunedRepository, Fault>> {
  const named = await namedDigests(client);
  if (!named.ok) return named;
  const isOld = ({ atMs, digest }: SentImage): boolean => atMs < beforeMs && !named.value.has(digest);
  const images = sent.filter(isOld);
  const staying = sent.filter((each) => !isOld(each));
  const needed = new Set([
    ...named.value,
    ...staying.flatMap(({ digest, manifests }) => [digest, ...manifests]),
  ]);
  const manifests = new Set(
    images.flatMap((image) => image.manifests).filter((each) =>
      !needed.has(each) && images.every(({ digest }) => digest !== each)
    ),
  );
  if (mode === "remove") {
    for (const digest of [...images.map((each) => each.digest), ...manifests]) {
      const removed = await removeManifest(client, digest);
      if (!removed.ok) return removed;
    }
  }
  return ok({
    images: images.map(({ digest }) => digest),
    manifestCount: manifests.size,
    left: mode === "remove" ? staying : sent,
  });
}

/** All that tags name, and what the indexes among it name. */
async function namedDigests(client: RegistryClient): Promise<Result<ReadonlySet<string>, Fault>> {
  const tags = await tagsOf(client);
  if (!tags.ok) return tags;
  const named = new Set<string>();
  for (const tag of tags.value) {
    const document = await pullDocument(client, tag);
    if (!document.ok) {
      // One that went meanwhile names nothing.
      if (document.error.kind === "registry" && document.error.status === 404) continue;
      return document;
    }
    named.add(document.value.digest);
    const fault = await addEntries(client, new TextDecoder().decode(document.value.bytes), named);
    if (fault !== undefined) return err(fault);
  }
  return ok(named);
}

/** An index may name further ones. */
async function addEntries(
  client: RegistryClient,
  text: string,
  named: Set<string>,
): Promise<Fault | undefined> {
  for (const { digest, isIndex } of entriesIn(text)) {
    if (named.has(digest)) continue;
    named.add(digest);
    if (!isIndex) continue;
    const inner = await pullDocument(client, digest);
    if (!inner.ok) {
      if (inner.error.kind === "registry" && inner.error.status === 404) continue;
      return inner.error;
    }
    const fault = await addEntries(client, new TextDecoder().decode(inner.value.bytes), named);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function entriesIn(text: string): readonly { readonly digest: Digest; readonly isIndex: boolean }[] {
  const json = parseJson(text);
  const manifests: Json | undefined = isJsonObject(json) ? json["manifests"] : undefined;
  if (!Array.isArray(manifests)) return [];
  return manifests.flatMap((each: Json) => {
    const digest = isJsonObject(each) ? parseDigest(String(each["digest"])) : undefined;
    const mediaType = isJsonObject(each) ? String(each["mediaType"]) : "";
    return digest === undefined ? [] : [{ digest, isIndex: /index|list/.test(mediaType) }];
  });
}

async function tagsOf(client: RegistryClient): Promise<Result<readonly string[], Fault>> {
  const { place, repository } = client;
  const action = `Cannot read the tags of "${place.host}/${repository}"`;
  const tags: string[] = [];
  let target: string | URL = `${repository}/tags/list?n=${PAGE_SIZE}`;
  for (let page = 0; page < PAGE_LIMIT; page++) {
    const answer: Result<Response, Fault> = await client.request({
      method: "GET",
      target,
      wanted: [200, 404],
      action,
      access: "pull",
    });
    if (!answer.ok) return answer;
    const { headers, status, url } = answer.value;
    const text = await answer.value.text();
    if (status === 404) return ok(tags);
    const list = tagsIn(text);
    if (list === undefined) return err(imageFault(`${action}: the registry answered with no list`));
    tags.push(...list);
    const next = nextPage(headers.get("link"), new URL(url));
    if (next === undefined) return ok(tags);
    const fault = urlFault(next, new URL(url));
    if (fault !== undefined) return err(refusedUrl(action, new URL(url), fault));
    target = next;
  }
  return err(imageFault(`${action}: there are more than ${PAGE_LIMIT * PAGE_SIZE}`));
}

function tagsIn(text: string): readonly string[] | undefined {
  const json = parseJson(text);
  if (!isJsonObject(json)) return undefined;
  const { tags = [] } = json;
  if (tags === null) return [];
  return Array.isArray(tags) && tags.every((each) => typeof each === "string") ? tags : undefined;
}

/** RFC 8288, as far as the distribution-spec uses it. */
function nextPage(link: string | null, from: URL): URL | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "") ?? [];
  return target !== undefined && URL.canParse(target, from) ? new URL(target, from) : undefined;
}

const UNABLE: ReadonlySet<number> = new Set([400, 405, 501]);

async function removeManifest(client: RegistryClient, digest: Digest): Promise<Result<void, Fault>> {
  const { place, repository } = client;
  const action = `Cannot delete ${digest} of "${place.host}/${repository}"`;
  const answer = await client.request({
    method: "DELETE",
    target: `${repository}/manifests/${digest}`,
    // What is gone is gone.
    wanted: [202, 200, 204, 404],
    action,
    access: "delete",
  });
  if (answer.ok) {
    await answer.value.body?.cancel();
    return ok(undefined);
  }
  const { error } = answer;
  return error.kind === "registry" && UNABLE.has(error.status)
    ? err({ ...error, message: `${error.message}; this registry does not delete images` })
    : answer;
}
