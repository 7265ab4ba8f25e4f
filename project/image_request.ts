import { err, ok, type Result } from "../engine/result.ts";
import type {
  AuditRequest,
  BaseRequest,
  BomFormat,
  BomQuestion,
  BomRequest,
  CargoBuild,
  ImageAudit,
  ImageBuild,
  ImagePush,
  LayoutPlace,
  ProgramSource,
} from "../providers/image_tools.ts";

/** What a command line says of an image to build, as it was written. */
export interface ImageBuildTexts {
  readonly name: string | undefined;
  /** Each `PLATFORM=PATH`. */
  readonly programs: readonly string[];
  /** The folder of a Cargo.toml, instead of programs. */
  readonly cargo: string | undefined;
  readonly rust: RustTexts;
  /** Each `FROM=/TO`. */
  readonly files: readonly string[];
  /** `scratch`, a reference, or `oci-layout:LAYOUT:TAG`. */
  readonly base: string | undefined;
  readonly caBundle: string | undefined;
  readonly layout: string | undefined;
  readonly tags: readonly string[];
  /** Each `NAME=VALUE`. */
  readonly env: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly args: readonly string[];
  readonly ports: readonly string[];
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  readonly stopSignal: string | undefined;
  /** `SOURCE_DATE_EPOCH`. */
  readonly epoch: string | undefined;
  readonly linkages: ImageBuild["linkages"];
  readonly audit: AuditTexts;
  readonly bom: BomTexts;
  readonly excess: ImageBuild["excess"];
  readonly lock: ImageBuild["lock"];
  readonly insecure: readonly string[];
  readonly caFile: string | undefined;
}

/** What a command line says of bills of materials. */
export interface BomTexts {
  /** `cyclonedx`, which it is where nothing is said, `spdx`, `both` or `none`. */
  readonly formats: string | undefined;
  readonly folder: string | undefined;
  /** Each `PLATFORM=PATH`. */
  readonly told: readonly string[];
}

/** What a command line says of an audit. */
export interface AuditTexts extends Omit<AuditRequest, "policy"> {
  readonly policy: string | undefined;
}

/** What a command line says of a build with cargo. */
export interface RustTexts
  extends Pick<CargoBuild, "package" | "bin" | "example" | "features" | "rustflags" | "defaultFeatures"> {
  readonly platforms: readonly string[];
  readonly profile: string | undefined;
  readonly link: string | undefined;
}

const LINKS: readonly CargoBuild["link"][] = ["musl", "gnu-static", "dynamic"];
const POLICIES = ["deny", "warn", "off"] as const;
const DEFAULT_BOM = "cyclonedx";
const BOM_FORMATS: Readonly<Record<string, readonly BomFormat[]>> = {
  cyclonedx: ["cyclonedx"],
  spdx: ["spdx"],
  both: ["cyclonedx", "spdx"],
  none: [],
};
const DEFAULT_PLATFORM = "linux/amd64";
const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const TAG_REGEXP = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const VARIABLE_REGEXP = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PORT_REGEXP = /^([0-9]{1,5})(?:\/(?:tcp|udp|sctp))?$/;
const EPOCH_REGEXP = /^(?:0|[1-9][0-9]{0,10})$/;
const SCRATCH = "scratch";
const LAYOUT_SCHEME = "oci-layout:";

/** Reads what a command line says of an image to build; the error is one of the command line. */
export function imageBuild(texts: ImageBuildTexts): Result<ImageBuild, string> {
  const { layout, name } = texts;
  if (name === undefined || !NAME_REGEXP.test(name)) {
    return err(`Cannot use "${name ?? ""}" for --name: wanted 1 to 64 letters, digits, ".", "_" and "-"`);
  }
  if (layout === undefined) return err("--layout is missing: the folder that the image is written to");
  const source = programSource(texts);
  const files = pairsOf(texts.files, "--file", "FROM=/PATH");
  const env = pairsOf(texts.env, "--env", "NAME=VALUE");
  const labels = pairsOf(texts.labels, "--label", "NAME=VALUE");
  const annotations = pairsOf(texts.annotations, "--annotation", "NAME=VALUE");
  if (!source.ok) return source;
  const bom = bomRequest(texts.bom);
  if (!bom.ok) return bom;
  if (source.value.kind === "cargo" && bom.value.told.length > 0) {
    return err("--sbom-file and --cargo exclude each other: cargo says what it built");
  }
  for (const each of [files, env, labels, annotations]) if (!each.ok) return each;
  const wrong = wrongText(texts, env.ok ? env.value : []);
  if (wrong !== undefined) return err(wrong);
  return ok({
    ...texts,
    name,
    layout,
    source: source.value,
    audit: auditRequest(texts.audit),
    bom: bom.value,
    files: valuesOf(files).map(([from, to]) => ({ from, to })),
    base: baseRequest(texts.base),
    annotations: Object.fromEntries(valuesOf(annotations)),
    settings: {
      ...texts,
      env: Object.fromEntries(valuesOf(env)),
      labels: Object.fromEntries(valuesOf(labels)),
      ports: texts.ports.map((port) => port.includes("/") ? port : `${port}/tcp`),
    },
    epoch: texts.epoch === undefined ? undefined : Number(texts.epoch),
  });
}

/** Puts what a command line says of an audit together. */
export function imageAudit(place: string, texts: AuditTexts): ImageAudit {
  return { place, ...layoutPlace(place), ...auditRequest(texts) };
}

/** Puts together which bill of materials a command line asks for. */
export function bomQuestion(
  place: string,
  { format, platform }: { readonly format: string | undefined; readonly platform: string | undefined },
): BomQuestion {
  return { place, ...layoutPlace(place), platform, format: format === "spdx" ? "spdx" : "cyclonedx" };
}

/** The command line lets no other formats through. */
function bomRequest({ folder, formats, told }: BomTexts): Result<BomRequest, string> {
  const pairs = pairsOf(told, "--sbom-file", "PLATFORM=PATH");
  if (!pairs.ok) return pairs;
  const chosen = BOM_FORMATS[formats ?? DEFAULT_BOM] ?? [];
  if (chosen.length === 0 && (folder !== undefined || told.length > 0)) {
    return err("--sbom none goes with neither --sbom-dir nor --sbom-file: there would be nothing to write");
  }
  return ok({ formats: chosen, folder, told: pairs.value.map(([platform, path]) => ({ platform, path })) });
}

/** The command line lets no other policies through. */
function auditRequest({ policy, ...rest }: AuditTexts): AuditRequest {
  return { ...rest, policy: POLICIES.find((each) => each === policy) };
}

/** Reads `LAYOUT` or `LAYOUT:TAG`. */
export function layoutPlace(text: string): LayoutPlace {
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  return colon < 0
    ? { layout: text, tag: undefined }
    : { layout: text.slice(0, colon), tag: text.slice(colon + 1) };
}

function programSource({ cargo, programs: texts, rust }: ImageBuildTexts): Result<ProgramSource, string> {
  if (cargo === undefined) {
    if (texts.length === 0) {
      return err(
        "--binary or --cargo is missing: wanted PLATFORM=PATH, such as linux/amd64=target/web, or a folder",
      );
    }
    const programs = pairsOf(texts, "--binary", "PLATFORM=PATH");
    return programs.ok
      ? ok({ kind: "prebuilt", programs: programs.value.map(([platform, path]) => ({ platform, path })) })
      : programs;
  }
  if (texts.length > 0) {
    return err("--binary and --cargo exclude each other: the programs are there, or they are built");
  }
  if (rust.bin !== undefined && rust.example !== undefined) {
    return err("--bin and --example exclude each other");
  }
  const link = LINKS.find((each) => each === (rust.link ?? "musl"));
  if (link === undefined) {
    return err(`Cannot use "${rust.link}" for --link: wanted one of ${LINKS.join(", ")}`);
  }
  const platforms = rust.platforms.length === 0 ? [DEFAULT_PLATFORM] : rust.platforms;
  return ok({ ...rust, kind: "cargo", path: cargo, platforms, profile: rust.profile ?? "release", link });
}

function baseRequest(text: string | undefined): BaseRequest | undefined {
  if (text === undefined || text === SCRATCH) return undefined;
  return text.startsWith(LAYOUT_SCHEME)
    ? { kind: "layout", ...layoutPlace(text.slice(LAYOUT_SCHEME.length)) }
    : { kind: "registry", reference: text };
}

/** Puts what a command line says of a push together. */
export function imagePush(from: string, rest: Omit<ImagePush, keyof LayoutPlace>): ImagePush {
  return { ...layoutPlace(from), ...rest };
}

type Pairs = Result<readonly (readonly [string, string])[], string>;

function pairsOf(texts: readonly string[], option: string, form: string): Pairs {
  const pairs: (readonly [string, string])[] = [];
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1) return err(`Cannot use "${text}" for ${option}: wanted ${form}`);
    pairs.push([text.slice(0, equals), text.slice(equals + 1)]);
  }
  return ok(pairs);
}

function valuesOf(pairs: Pairs): readonly (readonly [string, string])[] {
  return pairs.ok ? pairs.value : [];
}

/** The first text that is not what its option takes. */
function wrongText(texts: ImageBuildTexts, env: readonly (readonly [string, string])[]): string | undefined {
  const { epoch, ports, tags } = texts;
  const tag = tags.find((each) => !TAG_REGEXP.test(each));
  if (tag !== undefined) {
    return `Cannot use "${tag}" for --tag: wanted at most 128 letters, digits, ".", "_" and "-", no "." or "-" first`;
  }
  const port = ports.find((each) =>
    Number(PORT_REGEXP.exec(each)?.[1] ?? 0) < 1 || Number(PORT_REGEXP.exec(each)?.[1]) > 65_535
  );
  if (port !== undefined) {
    return `Cannot use "${port}" for --port: wanted a number from 1 to 65535, or 8080/udp`;
  }
  const [variable] = env.find(([each]) => !VARIABLE_REGEXP.test(each)) ?? [];
  if (variable !== undefined) {
    return `Cannot use "${variable}" for --env: wanted the name of a variable before the "="`;
  }
  return epoch === undefined || EPOCH_REGEXP.test(epoch)
    ? undefined
    : `Cannot use "${epoch}" for SOURCE_DATE_EPOCH: wanted seconds since 1970, a whole number`;
}
