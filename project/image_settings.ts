/**
 * What may be said of images that are built: as an option of a command, in a variable, in the table `[image]` of smelt.toml,
 * or in the Cargo.toml of a program. One table, so that all these places know the same.
 */

/** One thing that may be said of images. */
export interface ImageSetting {
  /** Its key in `[image]`. */
  readonly key: string;
  /** Its option, without the dashes. */
  readonly option: string;
  /** `pairs` is a table of texts, and `NAME=VALUE` in an option. */
  readonly kind: "text" | "texts" | "pairs" | "flag";
  /** What a text must be; of `pairs` it is the whole `NAME=VALUE`. */
  readonly pattern: RegExp;
  /** The same in words. */
  readonly wanted: string;
  /** Whether it is a path, or a base that may hold one; in smelt.toml these begin at the project's root. */
  readonly holds: "path" | "base" | "source" | "words";
  /** The variables that say it, the first that is set counts. */
  readonly variables: readonly string[];
  /** Its key in `[package.metadata.krust]` of a Cargo.toml. */
  readonly metadata: string | undefined;
  /** What holds where nobody says anything; nothing for most. */
  readonly otherwise: readonly string[];
}

const ANY_REGEXP = /^[^\p{Cc}]+$/u;
const ANY = "a text without control characters";
const NAMED_REGEXP = /^[^=\p{Cc}]+=[^\p{Cc}]*$/u;

/** All of them, in the order in which they are told. */
export const IMAGE_SETTINGS: readonly ImageSetting[] = [
  setting("repo", "text", {
    variables: ["IMAGE_REPO", "KRUST_REPO"],
    pattern: /^[a-z0-9[][a-z0-9.:[\]-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/,
    wanted: "a registry and where in it, such as ghcr.io/me",
  }),
  setting("tags", "texts", {
    option: "tag",
    pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    wanted: 'at most 128 letters, digits, ".", "_" and "-", no "." or "-" first',
  }),
  setting("base", "text", { holds: "base", metadata: "base-image", otherwise: ["scratch"] }),
  setting("frozen", "flag"),
  setting("platforms", "texts", {
    option: "platform",
    pattern: /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/,
    wanted: "a platform, such as linux/amd64 or linux/arm/v7",
    otherwise: ["linux/amd64"],
  }),
  setting("profile", "text", {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]*$/,
    wanted: "the name of a profile of cargo",
    otherwise: ["release"],
  }),
  setting("features", "texts", { option: "feature" }),
  setting("link", "text", {
    pattern: /^(?:musl|gnu-static|dynamic)$/,
    wanted: "one of musl, gnu-static, dynamic",
    otherwise: ["musl"],
  }),
  setting("linker", "text", {
    pattern: /^(?:auto|cc|zig)$/,
    wanted: "one of auto, cc, zig",
    otherwise: ["auto"],
  }),
  setting("rustflags", "texts", { option: "rustflag" }),
  setting("build_env", "texts", {
    pattern: /^[A-Za-z_][A-Za-z0-9_]*(?:=|$)/,
    wanted: "the name of a variable, or NAME=VALUE",
  }),
  setting("reproducible", "text", {
    pattern: /^(?:warn|strict)$/,
    wanted: "one of warn, strict",
    otherwise: ["warn"],
  }),
  setting("files", "texts", {
    option: "file",
    holds: "source",
    pattern: /^[^=\p{Cc}]+=\/[^\p{Cc}]*$/u,
    wanted: "FROM=/PATH",
  }),
  setting("ca_certificates", "text", { holds: "path" }),
  setting("args", "texts", { option: "arg", pattern: /^/, wanted: "a text" }),
  setting("env", "pairs", {
    pattern: /^[A-Za-z_][A-Za-z0-9_]*=/,
    wanted: 'the name of a variable before the "="',
  }),
  setting("labels", "pairs", { option: "label" }),
  setting("annotations", "pairs", { option: "annotation" }),
  setting("user", "text", {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/,
    wanted: "a user, or a user and a group, such as 65532:65532",
  }),
  setting("workdir", "text", { pattern: /^\/[^\p{Cc}]*$/u, wanted: "an absolute path" }),
  setting("ports", "texts", {
    option: "port",
    pattern:
      /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])(?:\/(?:tcp|udp|sctp))?$/,
    wanted: "a number from 1 to 65535, or 8080/udp",
  }),
  setting("stop_signal", "text"),
  setting("allow_dynamic", "flag"),
  setting("allow_shell", "flag"),
  setting("audit", "text", { pattern: /^(?:deny|warn|off)$/, wanted: "one of deny, warn, off" }),
  setting("advisory_db", "text", { holds: "path" }),
  setting("audit_rules", "text", { holds: "path" }),
  setting("sbom", "text", {
    pattern: /^(?:cyclonedx|spdx|both|none)$/,
    wanted: "one of cyclonedx, spdx, both, none",
    otherwise: ["cyclonedx"],
  }),
  setting("sbom_dir", "text", { holds: "path" }),
  setting("insecure", "texts"),
  setting("ca_file", "text", { holds: "path" }),
];

function setting(
  key: string,
  kind: ImageSetting["kind"],
  more: Partial<Omit<ImageSetting, "key" | "kind">> = {},
): ImageSetting {
  const isPairs = kind === "pairs";
  return {
    key,
    kind,
    option: key.replaceAll("_", "-"),
    pattern: isPairs ? NAMED_REGEXP : ANY_REGEXP,
    wanted: isPairs ? "NAME=VALUE" : ANY,
    holds: "words",
    variables: [],
    metadata: undefined,
    otherwise: kind === "flag" ? ["false"] : [],
    ...more,
  };
}
