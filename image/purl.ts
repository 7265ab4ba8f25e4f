import type { PackageOrigin } from "./cargo_lock.ts";
import { type Digest, hexOf } from "./digest.ts";
import type { Reference } from "./reference.ts";

/** Names a crate as the package URL specification does; one that lies by its path has no more than name and version. */
export function cargoPurl(
  { name, origin, source, version }: {
    readonly name: string;
    readonly version: string;
    readonly origin: PackageOrigin;
    /** As a lock file writes it. */
    readonly source: string | undefined;
  },
): string {
  const url = (source ?? "").replace(/^(?:registry|sparse)\+/, "");
  const qualifiers = origin === "git"
    ? { vcs_url: gitPlace(source ?? "") }
    : origin === "registry" && url !== ""
    ? { repository_url: url }
    : {};
  return purl("cargo", { name, version, qualifiers });
}

/** Names an image; `place` is the registry that it is known to be in. */
export function imagePurl(
  name: string,
  digest: Digest,
  { architecture, place }: {
    readonly architecture: string | undefined;
    readonly place: Reference | undefined;
  },
): string {
  return purl("oci", {
    name: name.toLowerCase(),
    version: `sha256:${hexOf(digest)}`,
    qualifiers: {
      arch: architecture,
      repository_url: place === undefined ? undefined : `${place.host}/${place.repository}`,
      tag: place?.tag,
    },
  });
}

/** Names what no list of packages has. */
export function genericPurl(
  name: string,
  version: string | undefined,
  qualifiers: Readonly<Record<string, string | undefined>> = {},
): string {
  return purl("generic", { name, version, qualifiers });
}

function purl(
  type: string,
  { name, qualifiers, version }: {
    readonly name: string;
    readonly version: string | undefined;
    /** In the order of the alphabet. */
    readonly qualifiers: Readonly<Record<string, string | undefined>>;
  },
): string {
  const told = Object.entries(qualifiers).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encoded(value)}`]
  );
  const at = version === undefined ? "" : `@${encoded(version)}`;
  return `pkg:${type}/${encoded(name)}${at}${told.length === 0 ? "" : `?${told.join("&")}`}`;
}

/** `git+URL?branch=x#COMMIT` as `git+URL@COMMIT`. */
function gitPlace(source: string): string {
  const [place = "", commit] = source.split("#");
  const [url = ""] = place.split("?");
  return commit === undefined ? url : `${url}@${commit}`;
}

/** Percent-encoding of RFC 3986; the colon of a digest too, as producers write it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}
