import { err, ok, type Result } from "../engine/result.ts";
import type {
  BaseRequest,
  ImagePublish,
  ImagePush,
  LayoutPlace,
  ProgramSource,
} from "../providers/image_tools.ts";
import { cargoBuild, type RustOptions } from "./cargo_request.ts";
import { type ChosenSetting, chosenText, chosenTexts, DEFAULT_SOURCE } from "./choose_image_settings.ts";
import { chosenAudit, chosenBom } from "./contents_request.ts";
import { layoutPlace } from "./layout_place.ts";

/** What is said of one image to build, beside what was chosen of its settings. */
export interface ImageBuildTexts {
  readonly name: string | undefined;
  /** Each `PLATFORM=PATH`; none: cargo builds it. */
  readonly programs: readonly string[] | undefined;
  /** The folder of a Cargo.toml, where there are no programs. */
  readonly cargo: string;
  readonly rust: RustOptions;
  readonly chosen: readonly ChosenSetting[];
  /** What others say that programs are made of which are there already, each `PLATFORM=PATH`. */
  readonly bomFiles: readonly string[];
  /** `SOURCE_DATE_EPOCH`. */
  readonly epoch: string | undefined;
}

const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const EPOCH_REGEXP = /^(?:0|[1-9][0-9]{0,10})$/;
const SCRATCH = "scratch";
const LAYOUT_SCHEME = "oci-layout:";

/** Puts together what is said of an image to build; the error is one of the command line. */
export function imageBuild(texts: ImageBuildTexts): Result<ImagePublish["build"], string> {
  const { chosen, epoch, name } = texts;
  if (name === undefined || !NAME_REGEXP.test(name)) {
    return err(`Cannot use "${name ?? ""}" for --name: wanted 1 to 64 letters, digits, ".", "_" and "-"`);
  }
  const source = programSource(name, texts);
  if (!source.ok) return source;
  if (epoch !== undefined && !EPOCH_REGEXP.test(epoch)) {
    return err(
      `Cannot use "${epoch}" for SOURCE_DATE_EPOCH: wanted seconds since 1970, a whole number`,
    );
  }
  const bom = chosenBom(chosen, texts.bomFiles);
  if (!bom.ok) return bom;
  if (source.value.kind === "cargo" && texts.bomFiles.length > 0) {
    return err("--sbom-file is for programs that are there already: of what it builds cargo says it itself");
  }
  const [all, one] = [(key: string) => chosenTexts(chosen, key), (key: string) => chosenText(chosen, key)];
  const isSet = (key: string): boolean => one(key) === "true";
  return ok({
    name,
    source: source.value,
    files: pairsOf(all("files")).map(([from, to]) => ({ from, to })),
    base: baseRequest(one("base")),
    lock: isSet("frozen") ? "frozen" : "followed",
    caBundle: one("ca_certificates"),
    tags: all("tags"),
    settings: {
      args: all("args"),
      env: Object.fromEntries(pairsOf(all("env"))),
      labels: Object.fromEntries(pairsOf(all("labels"))),
      user: one("user"),
      workdir: one("workdir"),
      ports: all("ports").map((port) => port.includes("/") ? port : `${port}/tcp`),
      stopSignal: one("stop_signal"),
    },
    annotations: Object.fromEntries(pairsOf(all("annotations"))),
    epoch: epoch === undefined ? undefined : Number(epoch),
    linkages: isSet("allow_dynamic") || one("link") === "dynamic" ? "any" : "static",
    audit: chosenAudit(chosen),
    bom: bom.value,
    excess: isSet("allow_shell") ? "allowed" : "refused",
    insecure: all("insecure"),
    caFile: one("ca_file"),
  });
}

function programSource(name: string, texts: ImageBuildTexts): Result<ProgramSource, string> {
  const { cargo, chosen, programs } = texts;
  if (programs !== undefined) return prebuilt(programs, chosen);
  const build = cargoBuild(cargo, name, texts);
  return build.ok ? ok({ kind: "cargo", ...build.value }) : build;
}

/** All programs that there are, unless somebody says which platforms are wanted. */
function prebuilt(texts: readonly string[], chosen: readonly ChosenSetting[]): Result<ProgramSource, string> {
  const wrong = texts.find((text) => text.indexOf("=") < 1);
  if (wrong !== undefined) return err(`Cannot use "${wrong}" for --binary: wanted PLATFORM=PATH`);
  const programs = pairsOf(texts).map(([platform, path]) => ({ platform, path }));
  const asked = chosen.find(({ key, source }) => key === "platforms" && source !== DEFAULT_SOURCE);
  if (asked === undefined) return ok({ kind: "prebuilt", programs });
  const lacking = asked.texts.find((each) => programs.every(({ platform }) => platform !== each));
  if (lacking !== undefined) {
    const has = programs.map(({ platform }) => platform).join(", ");
    return err(`Cannot build for ${lacking}, which ${asked.source} says: there are programs for ${has}`);
  }
  return ok({
    kind: "prebuilt",
    programs: programs.filter(({ platform }) => asked.texts.includes(platform)),
  });
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

/** Texts that hold a `=`, as was checked where they were chosen. */
function pairsOf(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]);
}
