import { err, ok, type Result } from "../engine/result.ts";
import type { CargoBuild } from "../providers/image_tools.ts";
import { type ChosenSetting, chosenText, chosenTexts } from "./choose_image_settings.ts";

/** What a command says of a build with cargo, beside what may stand in smelt.toml too. */
export type RustOptions = Pick<
  CargoBuild,
  | "package"
  | "bins"
  | "examples"
  | "defaultFeatures"
  | "cargoArgs"
  | "missingTargets"
  | "lockFile"
  | "cache"
  | "folders"
>;

const LINKS: readonly CargoBuild["link"][] = ["musl", "gnu-static", "dynamic"];
const LINKERS: readonly CargoBuild["linker"][] = ["auto", "cc", "zig"];

/** Puts together what is said of a build with cargo; `name` is what is run. The error is one of the command line. */
export function cargoBuild(
  path: string,
  name: string,
  { rust, chosen }: { readonly rust: RustOptions; readonly chosen: readonly ChosenSetting[] },
): Result<CargoBuild, string> {
  const { bins, cargoArgs, examples } = rust;
  if (bins.length > 0 && examples.length > 0) return err("--bin and --example exclude each other");
  const several = bins.length + examples.length > 1 ? [...bins, ...examples] : [];
  if (several.length > 0 && !several.includes(name)) {
    return err(
      `Cannot use "${name}" for --name: of several programs it says which is run: ${several.join(", ")}`,
    );
  }
  const stray = cargoArgs[0]?.startsWith("-") === false ? cargoArgs[0] : undefined;
  if (stray !== undefined) {
    return err(
      `Cannot take "${stray}": arguments for cargo stand behind -- and begin with one that has a "-"`,
    );
  }
  const [link, linker] = [chosenText(chosen, "link"), chosenText(chosen, "linker")];
  return ok({
    ...rust,
    path,
    platforms: [...new Set(chosenTexts(chosen, "platforms"))],
    profile: chosenText(chosen, "profile") ?? "release",
    features: chosenTexts(chosen, "features"),
    link: LINKS.find((each) => each === link) ?? "musl",
    linker: LINKERS.find((each) => each === linker) ?? "auto",
    rustflags: chosenTexts(chosen, "rustflags"),
    env: chosenTexts(chosen, "build_env").map(variableOf),
    outsidePaths: chosenText(chosen, "reproducible") === "strict" ? "refused" : "noted",
  });
}

function variableOf(text: string): CargoBuild["env"][number] {
  const equals = text.indexOf("=");
  return equals < 0
    ? { name: text, value: undefined }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}
