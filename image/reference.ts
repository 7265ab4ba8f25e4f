import { err, ok, type Result } from "../engine/result.ts";
import { type Digest, parseDigest } from "./digest.ts";

/** Names an image in a registry (OCI distribution-spec, "Pulling manifests"): by tag, by digest, by both, or by neither. */
export interface Reference {
  /** Host and port as people write them, in lower case, for example `docker.io` or `localhost:5000`. */
  readonly host: string;
  /** For example `library/alpine`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const DEFAULT_HOST = "docker.io";
/** Other names of the same registry. */
const DEFAULT_HOST_NAMES: ReadonlySet<string> = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
]);
const OFFICIAL_FOLDER = "library";
/** Host, slash and repository together. */
const NAME_LIMIT = 255;

const HOST_REGEXP = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;
const REPOSITORY_REGEXP =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG_REGEXP = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Reads a reference; the error says what is wrong with it, as the end of a sentence. */
export function parseReference(text: string): Result<Reference, string> {
  const at = text.indexOf("@");
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : parseDigest(text.slice(at + 1));
  if (at >= 0 && digest === undefined) {
    return err(`its digest is "${text.slice(at + 1)}", wanted "sha256:" and 64 hex digits in lower case`);
  }
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !TAG_REGEXP.test(tag)) {
    return err(
      `its tag is "${tag}", wanted at most 128 letters, digits, ".", "_" and "-", no "." or "-" first`,
    );
  }
  const place = placeOf(colon < 0 ? named : named.slice(0, colon));
  return place.ok ? ok({ ...place.value, tag, digest }) : place;
}

/** Writes a reference as people do. */
export function referenceText({ host, repository, tag, digest }: Reference): string {
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${
    digest === undefined ? "" : `@${digest}`
  }`;
}

function placeOf(name: string): Result<Pick<Reference, "host" | "repository">, string> {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first.toLowerCase() === "localhost";
  const written = isHost ? first.toLowerCase() : DEFAULT_HOST;
  const host = DEFAULT_HOST_NAMES.has(written) ? DEFAULT_HOST : written;
  const path = isHost ? name.slice(slash + 1) : name;
  const repository = host === DEFAULT_HOST && !path.includes("/") ? `${OFFICIAL_FOLDER}/${path}` : path;
  if (!HOST_REGEXP.test(host)) return err(`its host is "${first}", wanted a name or an address, and a port`);
  if (!REPOSITORY_REGEXP.test(repository)) {
    return err(
      `its name is "${path}", wanted parts of lower-case letters and digits, joined by ".", "_", "__", "-" and "/"`,
    );
  }
  const length = host.length + 1 + repository.length;
  return length > NAME_LIMIT
    ? err(`its name has ${length} characters, at most ${NAME_LIMIT} are allowed`)
    : ok({ host, repository });
}
