import { field, type ResourceSchema, section } from "../../engine/schema.ts";

const TEXT = { kind: "string" } as const;
const TEXTS = { kind: "list", element: TEXT } as const;
const TEXT_MAP = { kind: "map", element: TEXT } as const;
const FLAG = { kind: "boolean" } as const;
const MINUTE_MS = 60_000;
/** A registry names the same bytes by the same digest for ever: sending an image again makes no second one. */
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;

/** What a survey finds: never read back, and left alone where no survey was made. */
const FOUND = { computed: true, writeOnly: true } as const;

/** What `oci.Image` takes and gives. */
export const IMAGE_SCHEMA = {
  type: "oci.Image",
  summary:
    "A container image in a repository of a registry: built from source or from programs that are there, sent by digest, and tagged",
  version: 1,
  sections: [
    section("identity", "What it is called, and where it goes", [
      field("name", TEXT, "Name of the program in the image, /app/NAME, which the image runs", {
        required: true,
        pattern: "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
      }),
      field(
        "repository",
        TEXT,
        "Repository without tag and digest, for example ghcr.io/me/web; one resource each",
        {
          required: true,
          immutable: true,
        },
      ),
    ]),
    section("source", "What the program is made of. Paths are from the project root", [
      field(
        "builder",
        { kind: "enum", members: ["cargo", "prebuilt"] },
        "cargo builds a program in Rust and needs --allow-run=cargo,rustc,git; prebuilt takes programs that are there",
        { required: true },
      ),
      field(
        "binaries",
        TEXT_MAP,
        'prebuilt: the program for each platform, for example { "linux/amd64" = "bin/web" }',
      ),
      field("path", TEXT, "cargo: folder of the Cargo.toml; the project root unless set"),
      field("package", TEXT, "cargo: package of a workspace; the one in that folder unless set"),
      field("bin", TEXT, "cargo: program of the package, where it has several"),
      field("example", TEXT, "cargo: example of the package, instead of a program"),
      field("features", TEXTS, "cargo: features to switch on", { setLike: true }),
      field("default_features", FLAG, "cargo: whether default features are on", { defaultValue: true }),
      field("profile", TEXT, "cargo: profile to build with", { defaultValue: "release" }),
      field(
        "link",
        { kind: "enum", members: ["musl", "gnu-static", "dynamic"] },
        "cargo: all of the program in one file, over musl or glibc, or with libraries of its base",
        { defaultValue: "musl" },
      ),
      field(
        "linker",
        { kind: "enum", members: ["auto", "cc", "zig"] },
        "cargo: auto looks for a linker of the platform, cc leaves it to the compiler, zig is cargo-zigbuild",
        { defaultValue: "auto" },
      ),
      field("rustflags", TEXTS, "cargo: further flags of the compiler"),
      field("env", TEXT_MAP, "cargo: variables that the build sees beside the usual; secrets are refused"),
      field("extra_inputs", TEXTS, "cargo: further files and folders whose change asks for a build"),
      field("exclude", TEXTS, "cargo: files and folders whose change asks for none; a build still sees them"),
    ]),
    section("image", "What is in the image, and how it runs. Paths outside of it are from the project root", [
      field(
        "base",
        TEXT,
        "scratch, an image of a registry that image.lock names or that has a digest, or oci-layout:FOLDER:TAG",
        { defaultValue: "scratch" },
      ),
      field("platforms", TEXTS, "cargo: platforms to build for; linux/amd64 unless set", { setLike: true }),
      field("files", {
        kind: "list",
        element: {
          kind: "record",
          fields: [
            field("from", TEXT, "File or folder with all that is in it", { required: true }),
            field("to", TEXT, "Its absolute path in the image", { required: true }),
          ],
        },
      }, "Files beside the program"),
      field("ca_certificates", TEXT, "File of certificates that an image from scratch trusts, PEM"),
      field("args", TEXTS, "Arguments of the program"),
      field("env", TEXT_MAP, "Variables; secrets are refused, since whoever reads the image reads them"),
      field("labels", TEXT_MAP, "Labels of its config"),
      field("annotations", TEXT_MAP, "Annotations of its index and manifests"),
      field("user", TEXT, "User that it runs as: uid or uid:gid; 65532:65532, or the base's, unless set"),
      field("workdir", TEXT, "Folder that it runs in"),
      field("ports", TEXTS, "Ports that it listens on, for example 8080 or 53/udp", { setLike: true }),
      field("stop_signal", TEXT, "Signal that ends it, for example SIGTERM"),
      field(
        "epoch",
        { kind: "integer" },
        "Time of everything in it, seconds since 1970; 0 and told nobody unless set",
        {
          range: { min: 0, max: 99_999_999_999 },
        },
      ),
    ]),
    section("publish", "How it stands in its repository", [
      field("tags", TEXTS, "Tags that point to it; one that is taken out here stays where it points", {
        setLike: true,
      }),
      field("force_tags", FLAG, "Whether a new tag may be taken from an image that is not its own", {
        defaultValue: false,
      }),
      field("insecure", TEXTS, "Hosts that are reached without encryption; this machine always may be", {
        setLike: true,
      }),
      field("ca_file", TEXT, "File of certificates to trust beside the system's, PEM"),
      field(
        "on_destroy",
        { kind: "enum", members: ["keep", "untag", "delete"] },
        "keep leaves everything, untag takes the tags off that still point to it, delete removes the image by its digest",
        { defaultValue: "keep" },
      ),
    ]),
    section(
      "supply",
      "What is asked of what goes in, and what vouches for it. Paths are from the project root",
      [
        field("allow_shell", FLAG, "Whether the base may hold shells, package managers and set-id files", {
          defaultValue: false,
        }),
        field("allow_dynamic", FLAG, "Whether the program may need libraries of its base", {
          defaultValue: false,
        }),
        field(
          "sbom",
          { kind: "enum", members: ["cyclonedx", "spdx", "both", "none"] },
          "Bills of materials that are attached to it; one that is taken out here stays attached",
          { defaultValue: "cyclonedx" },
        ),
        field(
          "sign",
          TEXT,
          "Key that signs it and what is attached to it: the name of one of this project, or kms:KEY; nobody signs it unless set",
        ),
        field("provenance", FLAG, "Whether the key states how it was built too", { defaultValue: true }),
        field("require_base_signature", {
          kind: "record",
          fields: [
            field(
              "key",
              TEXT,
              "A file of a public key, such as ./base.pem; the name of a key of this project; or kms:KEY",
              { required: true },
            ),
          ],
        }, "Who must have signed the base"),
        field("audit", {
          kind: "record",
          fields: [
            field(
              "policy",
              { kind: "enum", members: ["deny", "warn", "off"] },
              "What advisories do that affect its packages; deny, or what image-audit.toml says, unless set",
            ),
            field(
              "database",
              TEXT,
              "Folder of the advisories: a clone of RustSec's database, or its export to OSV",
            ),
            field("rules", TEXT, "File of rules; image-audit.toml unless set"),
          ],
        }, "What it is held against before it is built, and before it is sent"),
      ],
    ),
    section("inputs", "What smelt found before the plan. Nobody writes it", [
      field("source", TEXT, "Digest of the list of sources: their paths, contents and types", FOUND),
      field("lock", TEXT, "cargo: digest of Cargo.lock", FOUND),
      field("toolchain", TEXT, "cargo: versions of rustc and cargo", FOUND),
      field("base", TEXT, "Digest of the base", FOUND),
      field("files", TEXT, "Digest of the files beside the program", FOUND),
      field("form", TEXT, "How smelt lays out and compresses", FOUND),
    ]),
  ],
  surveyed: "inputs",
  outputs: [
    field("digest", TEXT, "Digest of the index"),
    field("ref", TEXT, "REPOSITORY@DIGEST: what whoever runs it should be given"),
    field("tag_refs", TEXT_MAP, "REPOSITORY:TAG by tag"),
    field("platforms", { kind: "any" }, "By platform: digests of the manifest, the config and the layers"),
    field("base", TEXT, "Digest of the base; null from scratch"),
    field("source_hash", TEXT, "Digest of the sources that it was built from"),
    field("input_hash", TEXT, "Digest of all that it was built from: equal inputs give an equal image"),
    field(
      "sbom",
      { kind: "any" },
      "By format: digests of the bills of materials attached to it, and of what signs them",
    ),
    field("signature", TEXT, "Digest of the signature attached to it; null where nobody signed it"),
    field("provenance", TEXT, "Digest of the provenance attached to it; null where there is none"),
    field("audit", { kind: "any" }, "Which advisories it was held against, and how many were found"),
  ],
  world: {
    marker: "none",
    uniqueName: { section: "identity", field: "repository" },
    idField: { section: "identity", field: "repository" },
    // A request of a process that died may still be on its way for so long. What it can bring is named by its digest.
    settleMs: 3_000,
    tokenLifetimeMs: YEAR_MS,
    preconditions: true,
    inProcess: true,
  },
  timeoutsMs: { create: 30 * MINUTE_MS, update: 30 * MINUTE_MS, delete: MINUTE_MS, read: MINUTE_MS },
  importId: "REPOSITORY@DIGEST, for example ghcr.io/me/web@sha256:…",
  sbomKind: "container",
} as const satisfies ResourceSchema;
