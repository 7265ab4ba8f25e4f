/** What an image runs on, in the words of Go (OCI image-spec, image-index.md, "platform"). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** Of the processor, for example `v7` of `arm`. */
  readonly variant: string | undefined;
}

const PLATFORM_REGEXP = /^([a-z0-9]+)\/([a-z0-9]+)(?:\/(v[0-9]+))?$/;

/** What `arm64` without a variant means. */
const DEFAULT_VARIANTS: ReadonlyMap<string, string> = new Map([["arm64", "v8"]]);

/** Reads `os/architecture` or `os/architecture/variant`; `undefined` for anything else. */
export function parsePlatform(text: string): Platform | undefined {
  const [, os, architecture, variant] = PLATFORM_REGEXP.exec(text) ?? [];
  if (os === undefined || architecture === undefined) return undefined;
  return { os, architecture, variant };
}

/** Writes a platform as `parsePlatform` reads it. */
export function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join("/");
}

/** By os, architecture and variant, in code-unit order: the order of an index. */
export function comparePlatforms(a: Platform, b: Platform): number {
  const [left, right] = [orderKey(a), orderKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The place in `offered` of what fits `wanted`: equal in os and architecture, and equal in variant, where `arm64` and
 * `arm64/v8` are one. Asked without a variant, the only candidate fits whatever its variant. Of several the first counts, as
 * the specification has it. `undefined` when none fits.
 */
export function findPlatform(
  offered: readonly (Platform | undefined)[],
  wanted: Platform,
): number | undefined {
  const candidates = [...offered.entries()].filter(([, each]) =>
    each?.os === wanted.os && each.architecture === wanted.architecture
  );
  const same = candidates.find(([, each]) => each !== undefined && variantOf(each) === variantOf(wanted));
  if (same !== undefined) return same[0];
  return wanted.variant === undefined && candidates.length === 1 ? candidates[0]?.[0] : undefined;
}

function variantOf({ architecture, variant }: Platform): string | undefined {
  return variant ?? DEFAULT_VARIANTS.get(architecture);
}

function orderKey({ os, architecture, variant }: Platform): string {
  return `${os}\n${architecture}\n${variant ?? ""}`;
}
