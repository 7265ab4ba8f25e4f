import { err, ok, type Result } from "../engine/result.ts";
import type { CargoBuild } from "../providers/image_tools.ts";

/** What a command line says of a build with cargo, as it was written. */
export interface RustTexts extends
  Pick<
    CargoBuild,
    | "package"
    | "bins"
    | "examples"
    | "platforms"
    | "features"
    | "rustflags"
    | "defaultFeatures"
    | "cargoArgs"
    | "missingTargets"
    | "lockFile"
    | "cache"
    | "folders"
  > {
  readonly profile: string | undefined;
  readonly link: string | undefined;
  readonly linker: string | undefined;
  /** `warn` or `strict`. */
  readonly reproducible: string | undefined;
  /** Each `NAME` or `NAME=VALUE`. */
  readonly env: readonly string[];
}

const LINKS: readonly CargoBuild["link"][] = ["musl", "gnu-static", "dynamic"];
const LINKERS: readonly CargoBuild["linker"][] = ["auto", "cc", "zig"];
const STRICTNESSES = ["warn", "strict"] as const;
const DEFAULT_PLATFORM = "linux/amd64";
const NAME_REGEXP = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;

/** Reads what a command line says of a build with cargo; `name` is what is run. The error is one of the command line. */
export function cargoBuild(path: string, name: string, texts: RustTexts): Result<CargoBuild, string> {
  const { bins, examples, profile = "release" } = texts;
  if (bins.length > 0 && examples.length > 0) return err("--bin and --example exclude each other");
  const several = bins.length + examples.length > 1 ? [...bins, ...examples] : [];
  if (several.length > 0 && !several.includes(name)) {
    return err(
      `Cannot use "${name}" for --name: of several programs it says which is run: ${several.join(", ")}`,
    );
  }
  if (!NAME_REGEXP.test(profile)) {
    return err(`Cannot use "${profile}" for --profile: wanted letters, digits, "_" and "-"`);
  }
  const stray = texts.cargoArgs[0]?.startsWith("-") === false ? texts.cargoArgs[0] : undefined;
  if (stray !== undefined) {
    return err(
      `Cannot take "${stray}": arguments for cargo stand behind -- and begin with one that has a "-"`,
    );
  }
  const link = oneOf("--link", LINKS, texts.link ?? "musl");
  const linker = oneOf("--linker", LINKERS, texts.linker ?? "auto");
  const strictness = oneOf("--reproducible", STRICTNESSES, texts.reproducible ?? "warn");
  for (const each of [link, linker, strictness]) if (!each.ok) return each;
  if (!link.ok || !linker.ok || !strictness.ok) return err("");
  return ok({
    ...texts,
    path,
    platforms: texts.platforms.length === 0 ? [DEFAULT_PLATFORM] : [...new Set(texts.platforms)],
    profile,
    link: link.value,
    linker: linker.value,
    env: texts.env.map(variableOf),
    outsidePaths: strictness.value === "strict" ? "refused" : "noted",
  });
}

function variableOf(text: string): CargoBuild["env"][number] {
  const equals = text.indexOf("=");
  return equals < 0
    ? { name: text, value: undefined }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

function oneOf<T extends string>(option: string, choices: readonly T[], text: string): Result<T, string> {
  const found = choices.find((each) => each === text);
  return found === undefined
    ? err(`Cannot use "${text}" for ${option}: wanted one of ${choices.join(", ")}`)
    : ok(found);
}
