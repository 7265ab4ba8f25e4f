import type { OptionSpec } from "./command_spec.ts";

/** How registries are reached. */
export const REGISTRY_ACCESS: readonly OptionSpec[] = [
  { name: "insecure", summary: "a host that is reached without encryption", value: "host", repeatable: true },
  { name: "ca-file", summary: "certificates to trust beside the system's, PEM", value: "file" },
];

/** The folder of advisories. */
export const ADVISORY_DB: OptionSpec = {
  name: "advisory-db",
  summary: "the folder of the advisories: a clone of github.com/rustsec/advisory-db, or its export to OSV",
  value: "folder",
};

/** The rules by which advisories count. */
export const AUDIT_RULES: OptionSpec = {
  name: "audit-rules",
  summary: "the file of rules (default image-audit.toml, where it is there)",
  value: "file",
};

/** What may be said of every image that is built; each may stand in [image] of smelt.toml too. */
export const IMAGE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "repo",
    summary: "where images go, such as ghcr.io/me: the name of each stands behind it",
    value: "repository",
  },
  {
    name: "tag",
    summary: "under which the repository, or the layout, has the image",
    value: "tag",
    repeatable: true,
  },
  {
    name: "base",
    summary:
      "the image to build on, such as cgr.dev/chainguard/static or oci-layout:out/base:v1 (default scratch: nothing)",
    value: "reference",
  },
  { name: "frozen", summary: "refuse a base that image.lock does not name", value: undefined },
  { name: "platform", summary: "to build for (default linux/amd64)", value: "platform", repeatable: true },
  { name: "profile", summary: "of cargo (default release)", value: "name" },
  { name: "feature", summary: "of the package", value: "name", repeatable: true },
  { name: "no-default-features", summary: "leave the package's default features", value: undefined },
  {
    name: "link",
    summary: "musl (default) and gnu-static put all into the program, dynamic needs libraries of the base",
    value: "kind",
    choices: ["musl", "gnu-static", "dynamic"],
  },
  {
    name: "linker",
    summary:
      "auto (default) looks for one of the platform, cc leaves it to the compiler, zig is cargo-zigbuild",
    value: "kind",
    choices: ["auto", "cc", "zig"],
  },
  { name: "rustflag", summary: "a flag of the Rust compiler", value: "flag", repeatable: true },
  {
    name: "build-env",
    summary: "a variable that the build sees; without a value, as it is here",
    value: "name[=value]",
    repeatable: true,
  },
  {
    name: "reproducible",
    summary: "warn (default) tells of what changes the program elsewhere, strict refuses it",
    value: "kind",
    choices: ["warn", "strict"],
  },
  { name: "install-targets", summary: "let rustup install a standard library that lacks", value: undefined },
  { name: "no-cargo-lock", summary: "build though Cargo.lock lacks or is behind", value: undefined },
  { name: "no-cache", summary: "compile all dependencies anew", value: undefined },
  { name: "keep-temp", summary: "keep the folder of the build", value: undefined },
  {
    name: "file",
    summary: "a file or a folder below the working folder, and its path in the image",
    value: "from=/path",
    repeatable: true,
  },
  { name: "ca-certificates", summary: "certificates that an image from scratch trusts, PEM", value: "file" },
  { name: "arg", summary: "an argument of the program", value: "text", repeatable: true },
  {
    name: "env",
    summary: "a variable of the program's environment",
    value: "name=value",
    repeatable: true,
  },
  { name: "label", summary: "a label of the image's config", value: "name=value", repeatable: true },
  {
    name: "annotation",
    summary: "an annotation of its manifests and index",
    value: "name=value",
    repeatable: true,
  },
  {
    name: "user",
    summary: "who runs the program (default: the base's user, else 65532:65532)",
    value: "uid:gid",
  },
  { name: "workdir", summary: "the folder that the program starts in", value: "path" },
  {
    name: "port",
    summary: "a port that it listens on, such as 8080 or 53/udp",
    value: "port",
    repeatable: true,
  },
  { name: "stop-signal", summary: "the signal that ends it", value: "signal" },
  { name: "allow-dynamic", summary: "take programs that need a loader or libraries", value: undefined },
  {
    name: "allow-shell",
    summary: "build on a base that holds a shell or a package manager",
    value: undefined,
  },
  {
    name: "audit",
    summary: "what advisories do that affect the packages of a program (default deny)",
    value: "policy",
    choices: ["deny", "warn", "off"],
  },
  ADVISORY_DB,
  AUDIT_RULES,
  {
    name: "sbom",
    summary:
      "bills of materials: attached to an image that is signed, else beside it in its layout (default cyclonedx)",
    value: "formats",
    choices: ["cyclonedx", "spdx", "both", "none"],
  },
  {
    name: "sbom-dir",
    summary: "a folder to write them to as well, under names for people",
    value: "folder",
  },
  ...REGISTRY_ACCESS,
];

/** How images that are built are vouched for. */
export const ATTEST_OPTIONS: readonly OptionSpec[] = [
  {
    name: "sign",
    summary: "with a key, of this project or kms:KEY (default: the one that signs here, where there is one)",
    value: "key",
    valueIsOptional: true,
  },
  { name: "no-sign", summary: "attach neither a signature nor a provenance", value: undefined },
  {
    name: "provenance",
    summary: "state how it was built; ends without a key to sign that",
    value: undefined,
  },
  { name: "no-provenance", summary: "attach no provenance beside the signature", value: undefined },
  { name: "builder-id", summary: "a URI that says who builds, for the provenance", value: "uri" },
  {
    name: "cosign-tags",
    summary: "sign for versions of cosign before 3 as well, under tags",
    value: undefined,
  },
];

/** Which files of YAML are resolved. */
export const MANIFEST_OPTIONS: readonly OptionSpec[] = [
  {
    name: "filename",
    short: "f",
    summary: "a file of YAML, a folder of such files, or - for standard input; several are one stream",
    value: "file",
    repeatable: true,
  },
  { name: "recursive", short: "R", summary: "read the folders in a folder too", value: undefined },
  {
    name: "selector",
    short: "l",
    summary: "take only documents with such labels, as kubectl says it: app=web,tier!=test",
    value: "selector",
  },
  {
    name: "relative-to",
    summary:
      "where paths in the files begin: the working folder (cwd, the default), or the folder of each file",
    value: "place",
    choices: ["cwd", "file"],
  },
];
