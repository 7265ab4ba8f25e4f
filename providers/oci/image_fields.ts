import { isGiven, requiredText, sectionFields, textField, textList, textMap } from "../field_reader.ts";
import { flagField, holdsSecret, integerField } from "../field_reader.ts";
import type { AuditRequest, BomFormat } from "../image_contents.ts";
import type { BaseRequest, CargoBuild, ImageBuild, ProgramSource, RegistryAccess } from "../image_tools.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { isList, type Value, type ValueRecord } from "../../engine/value.ts";
import { isCredential, variableFault } from "../../image/build_environment.ts";
import { rustTarget } from "../../image/cargo_target.ts";
import { parsePlatform } from "../../image/platform.ts";
import { parseReference, type Reference, referenceText } from "../../image/reference.ts";
import { inFields } from "./field_words.ts";

/** What the fields of an `oci.Image` ask for. */
export interface ImageWish {
  readonly repository: Reference;
  readonly tags: readonly string[];
  readonly mayTakeTags: boolean;
  readonly onDestroy: "keep" | "untag" | "delete";
  readonly access: RegistryAccess;
  readonly extraInputs: readonly string[];
  readonly exclude: readonly string[];
  readonly build: Omit<ImageBuild, "layout" | "tags">;
  readonly supply: SupplyWish;
  /** Who must have signed the base; `undefined`: nobody. */
  readonly baseKey: string | undefined;
}

/** What is to be attached to an image. */
export interface SupplyWish {
  readonly formats: readonly BomFormat[];
  /** The key that signs; `undefined`: nobody does. */
  readonly sign: string | undefined;
  readonly provenance: "stated" | "left";
}

const DEFAULT_PLATFORM = "linux/amd64";
const SCRATCH = "scratch";
const LAYOUT_SCHEME = "oci-layout:";
const PORT_REGEXP = /^([1-9][0-9]{0,4})(?:\/(?:tcp|udp|sctp))?$/;
const PORT_LIMIT = 65_535;
const VARIABLE_REGEXP = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CARGO_FIELDS = [
  "path",
  "package",
  "bin",
  "example",
  "features",
  "rustflags",
  "env",
  "extra_inputs",
  "exclude",
];

/** Reads the fields; the error says what cannot be, sentence case, no full stop. */
export function imageWish(fields: ValueRecord): Result<ImageWish, string> {
  const open = openedInside(fields);
  if (open !== undefined) {
    return err(
      `"${open}" holds a secret, and whoever reads the image would read it; give it where the image runs`,
    );
  }
  const [identity, image, publish, supply] = ["identity", "image", "publish", "supply"].map((name) =>
    sectionFields(fields, name)
  ) as [ValueRecord, ValueRecord, ValueRecord, ValueRecord];
  const source = sectionFields(fields, "source");
  const repository = readRepository(requiredText(identity, "repository"));
  if (!repository.ok) return repository;
  const programs = programSource(source, image);
  if (!programs.ok) return programs;
  const tags = [...new Set(textList(publish, "tags"))].toSorted();
  const wrong = wrongText(image, repository.value, tags);
  if (wrong !== undefined) return err(wrong);
  const caFile = textField(publish, "ca_file");
  const base = baseRequest(textField(image, "base"));
  const baseKey = textField(sectionFields(supply, "require_base_signature"), "key");
  if (baseKey !== undefined && base === undefined) {
    return err('"supply.require_base_signature" is about a base, and the image stands on none');
  }
  const access = { insecure: textList(publish, "insecure"), caFile };
  return ok({
    repository: repository.value,
    tags,
    mayTakeTags: flagField(publish, "force_tags"),
    onDestroy: destroyRule(textField(publish, "on_destroy")),
    access,
    extraInputs: textList(source, "extra_inputs"),
    exclude: textList(source, "exclude"),
    build: {
      ...access,
      name: requiredText(identity, "name"),
      source: programs.value,
      files: filesOf(image),
      base,
      // A base is looked up when it is locked, never in the middle of a run.
      lock: "frozen",
      caBundle: textField(image, "ca_certificates"),
      settings: {
        args: textList(image, "args"),
        env: Object.fromEntries(textMap(image, "env")),
        labels: Object.fromEntries(textMap(image, "labels")),
        user: textField(image, "user"),
        workdir: textField(image, "workdir"),
        ports: textList(image, "ports").map((port) => port.includes("/") ? port : `${port}/tcp`).toSorted(),
        stopSignal: textField(image, "stop_signal"),
      },
      annotations: Object.fromEntries(textMap(image, "annotations")),
      epoch: integerField(image, "epoch"),
      linkages: flagField(supply, "allow_dynamic") || isDynamic(programs.value) ? "any" : "static",
      audit: auditOf(supply),
      // All that may ever be attached, so that another choice needs no build.
      bom: { formats: BOM_FORMATS, folder: undefined, told: [] },
      excess: flagField(supply, "allow_shell") ? "allowed" : "refused",
    },
    supply: supplyWish(supply),
    baseKey,
  });
}

const BOM_FORMATS: readonly BomFormat[] = ["cyclonedx", "spdx"];

/** Reads what is to be attached. What was stored before there were these fields asks for nothing. */
export function supplyWish(supply: ValueRecord): SupplyWish {
  const asked = textField(supply, "sbom") ?? "none";
  return {
    formats: BOM_FORMATS.filter((each) => asked === each || asked === "both"),
    sign: textField(supply, "sign"),
    provenance: flagField(supply, "provenance") ? "stated" : "left",
  };
}

function auditOf(supply: ValueRecord): AuditRequest {
  const asked = sectionFields(supply, "audit");
  const policy = textField(asked, "policy");
  return {
    policy: policy === "deny" || policy === "warn" || policy === "off" ? policy : undefined,
    database: textField(asked, "database"),
    rules: textField(asked, "rules"),
  };
}

/** Reads a repository, without a tag or a digest. */
export function readRepository(text: string): Result<Reference, string> {
  const reference = parseReference(text);
  if (!reference.ok) return err(`Cannot use "${text}" as a repository: ${reference.error}`);
  const { digest, tag } = reference.value;
  return tag === undefined && digest === undefined
    ? reference
    : err(`Cannot use "${text}" as a repository: it has a tag or a digest; tags are for publish.tags`);
}

/** The one way to write a repository. */
export function repositoryText({ host, repository }: Reference): string {
  return referenceText({ host, repository, tag: undefined, digest: undefined });
}

function programSource(source: ValueRecord, image: ValueRecord): Result<ProgramSource, string> {
  if (textField(source, "builder") === "prebuilt") {
    const wrong = CARGO_FIELDS.find((name) => isGiven(source, name));
    if (wrong !== undefined) return err(`"source.${wrong}" is for the builder cargo only`);
    if (isGiven(image, "platforms")) {
      return err('"image.platforms" is for the builder cargo only: binaries say theirs');
    }
    const programs = [...textMap(source, "binaries")].map(([platform, path]) => ({ platform, path }));
    const unknown = programs.find(({ platform }) => parsePlatform(platform) === undefined);
    if (unknown !== undefined) return err(noPlatform(unknown.platform));
    return programs.length === 0
      ? err('"source.binaries" is missing: { "linux/amd64" = "path/of/the/program" }')
      : ok({ kind: "prebuilt", programs });
  }
  if (isGiven(source, "binaries")) return err('"source.binaries" is for the builder prebuilt only');
  if (isGiven(source, "bin") && isGiven(source, "example")) {
    return err('"source.bin" and "source.example" exclude each other');
  }
  const platforms = textList(image, "platforms");
  const link = linkOf(textField(source, "link"));
  const env = [...textMap(source, "env")].map(([name, value]) => ({ name, value }));
  const wrong = env.map(wrongVariable).find((each) => each !== undefined);
  if (wrong !== undefined) return err(wrong);
  const unknown = platforms.find((each) => {
    const platform = parsePlatform(each);
    return platform === undefined || rustTarget(platform, link) === undefined;
  });
  if (unknown !== undefined) return err(noPlatform(unknown));
  return ok({
    kind: "cargo",
    path: textField(source, "path") ?? ".",
    package: textField(source, "package"),
    bins: oneOrNone(textField(source, "bin")),
    examples: oneOrNone(textField(source, "example")),
    platforms: platforms.length === 0 ? [DEFAULT_PLATFORM] : [...new Set(platforms)].toSorted(),
    profile: textField(source, "profile") ?? "release",
    features: textList(source, "features").toSorted(),
    defaultFeatures: source["default_features"] === false ? "left" : "used",
    link,
    linker: linkerOf(textField(source, "linker")),
    rustflags: textList(source, "rustflags"),
    cargoArgs: [],
    env,
    missingTargets: "refused",
    lockFile: "required",
    outsidePaths: "noted",
    cache: "used",
    folders: "removed",
  });
}

function oneOrNone(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}

function noPlatform(text: string): string {
  return `Cannot build for "${text}": there is no such platform; wanted one like linux/amd64 or linux/arm/v7`;
}

function linkOf(text: string | undefined): CargoBuild["link"] {
  return text === "gnu-static" || text === "dynamic" ? text : "musl";
}

function linkerOf(text: string | undefined): CargoBuild["linker"] {
  return text === "cc" || text === "zig" ? text : "auto";
}

/** What the command line takes by its name alone would be in the log, and in the arguments of programs, here. */
function wrongVariable(variable: { readonly name: string; readonly value: string }): string | undefined {
  const fault = isCredential(variable.name)
    ? `Cannot use "${variable.name}" in source.env: it is the name of a credential, which whoever reads this file would read`
    : variableFault(variable);
  return fault === undefined ? undefined : inFields(fault);
}

function destroyRule(text: string | undefined): ImageWish["onDestroy"] {
  return text === "untag" || text === "delete" ? text : "keep";
}

function isDynamic(source: ProgramSource): boolean {
  return source.kind === "cargo" && source.link === "dynamic";
}

function baseRequest(text: string | undefined): BaseRequest | undefined {
  if (text === undefined || text === SCRATCH) return undefined;
  if (!text.startsWith(LAYOUT_SCHEME)) return { kind: "registry", reference: text };
  const place = text.slice(LAYOUT_SCHEME.length);
  const colon = place.indexOf(":", place.lastIndexOf("/") + 1);
  return colon < 0
    ? { kind: "layout", layout: place, tag: undefined }
    : { kind: "layout", layout: place.slice(0, colon), tag: place.slice(colon + 1) };
}

function filesOf(image: ValueRecord): ImageBuild["files"] {
  const files: Value = image["files"] ?? [];
  return (isList(files) ? files : []).map((each) => {
    const inner = sectionFields({ each }, "each");
    return { from: requiredText(inner, "from"), to: requiredText(inner, "to") };
  });
}

/** The first part that would be in clear in the image, or in requests to a registry, and is a secret. */
function openedInside(fields: ValueRecord): string | undefined {
  for (const [section, value] of Object.entries(fields)) {
    for (const [name, part] of Object.entries(sectionFields({ [section]: value }, section))) {
      if (holdsSecret(part)) return `${section}.${name}`;
    }
  }
  return undefined;
}

function wrongText(
  image: ValueRecord,
  { host, repository }: Reference,
  tags: readonly string[],
): string | undefined {
  const tag = tags.find((each) => !parseReference(`${host}/${repository}:${each}`).ok);
  if (tag !== undefined) {
    return `Cannot use the tag "${tag}": wanted at most 128 letters, digits, ".", "_" and "-", no "." or "-" first`;
  }
  const port = textList(image, "ports").find((each) => {
    const [, number] = PORT_REGEXP.exec(each) ?? [];
    return number === undefined || Number(number) > PORT_LIMIT;
  });
  if (port !== undefined) {
    return `Cannot use the port "${port}": wanted a number from 1 to 65535, or 8080/udp`;
  }
  const variable = [...textMap(image, "env").keys()].find((each) => !VARIABLE_REGEXP.test(each));
  return variable === undefined
    ? undefined
    : `Cannot use "${variable}" as the name of a variable: wanted letters, digits and "_"`;
}
