import { join, relative, resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { CargoManifest } from "./cargo_manifest.ts";
import { IMAGE_SETTINGS, type ImageSetting } from "./image_settings.ts";
import { CONFIG_FILE_NAME, type ReadVariable } from "./project_paths.ts";
import type { ImageConfig } from "./smelt_toml_image.ts";

/** Texts that hold for an image, and who says so. */
export interface ChosenSetting {
  /** Of `IMAGE_SETTINGS`. */
  readonly key: string;
  /** In the form that options have. */
  readonly texts: readonly string[];
  /** For people, for example `--base`, `IMAGE_REPO`, `smelt.toml:4` or `default`. */
  readonly source: string;
}

/** Everything that may say something of an image. */
export interface SettingSources {
  /** What the options of the command line say, none: nothing. */
  optionTexts(setting: ImageSetting): readonly string[];
  readonly readVariable: ReadVariable;
  readonly config: ImageConfig;
  /** The folder of `smelt.toml`, absolute, where its paths begin. */
  readonly root: string;
  /** Absolute; paths that are chosen are relative to it. */
  readonly workingFolder: string;
  /** The Cargo.toml of its program, and its folder as it is shown. */
  readonly manifest: { readonly shown: string; readonly read: CargoManifest } | undefined;
}

/** What holds where nobody says anything. */
export const DEFAULT_SOURCE = "default";

/**
 * Chooses what holds for an image: an option before a variable before smelt.toml before Cargo.toml before the default. Only
 * pairs are put together, name by name. The error is one of the command line or of a variable.
 */
export function chooseImageSettings(sources: SettingSources): Result<readonly ChosenSetting[], string> {
  const chosen: ChosenSetting[] = [];
  for (const setting of IMAGE_SETTINGS) {
    const said = saidOf(setting, sources);
    for (const { source, texts } of said) {
      const wrong = texts.find((text) => setting.kind !== "flag" && !setting.pattern.test(text));
      if (wrong !== undefined) return err(`Cannot use "${wrong}" for ${source}: wanted ${setting.wanted}`);
    }
    if (setting.kind === "pairs") chosen.push(...pairsOf(setting, said));
    else chosen.push(...said.slice(0, 1));
  }
  return ok(chosen);
}

/** All texts that were chosen for a key. */
export function chosenTexts(chosen: readonly ChosenSetting[], key: string): readonly string[] {
  return chosen.filter((each) => each.key === key).flatMap(({ texts }) => texts);
}

/** The text that was chosen for a key that has one at most. */
export function chosenText(chosen: readonly ChosenSetting[], key: string): string | undefined {
  return chosenTexts(chosen, key)[0];
}

/** All that say something, the one that counts most first. */
function saidOf(setting: ImageSetting, sources: SettingSources): readonly ChosenSetting[] {
  const { key, metadata, option, otherwise, variables } = setting;
  const said: ChosenSetting[] = [{ key, texts: sources.optionTexts(setting), source: `--${option}` }];
  for (const name of variables) {
    const value = sources.readVariable(name) ?? "";
    said.push({ key, texts: value === "" ? [] : [value], source: name });
  }
  const configured = sources.config.settings.get(key);
  said.push({
    key,
    texts: (configured?.texts ?? []).map((text) => fromRoot(setting, sources, text)),
    source: `${CONFIG_FILE_NAME}:${configured?.line ?? 0}`,
  });
  const written = metadata === undefined ? undefined : sources.manifest?.read.settings.get(key);
  const manifest = join(sources.manifest?.shown ?? "", "Cargo.toml");
  said.push({ key, texts: written === undefined ? [] : [written], source: manifest });
  said.push({ key, texts: otherwise, source: DEFAULT_SOURCE });
  return said.filter(({ texts }) => texts.length > 0);
}

/** Each name from the first that says it, by itself: the sources may differ. */
function pairsOf({ key }: ImageSetting, said: readonly ChosenSetting[]): readonly ChosenSetting[] {
  const pairs = new Map<string, ChosenSetting>();
  for (const { source, texts } of said.toReversed()) {
    for (const text of texts) pairs.set(text.slice(0, text.indexOf("=")), { key, texts: [text], source });
  }
  return [...pairs.values()];
}

const LAYOUT_SCHEME = "oci-layout:";

function fromRoot({ holds }: ImageSetting, sources: SettingSources, text: string): string {
  switch (holds) {
    case "words":
      return text;
    case "path":
      return pathFromRoot(sources, text);
    case "base":
      return text.startsWith(LAYOUT_SCHEME)
        ? `${LAYOUT_SCHEME}${pathFromRoot(sources, text.slice(LAYOUT_SCHEME.length))}`
        : text;
    case "source": {
      const equals = text.indexOf("=");
      return `${pathFromRoot(sources, text.slice(0, equals))}${text.slice(equals)}`;
    }
  }
}

/** A path of `smelt.toml`, relative to the working folder. */
export function pathFromRoot(
  { root, workingFolder }: Pick<SettingSources, "root" | "workingFolder">,
  path: string,
): string {
  return relative(workingFolder, resolve(root, path)) || ".";
}
