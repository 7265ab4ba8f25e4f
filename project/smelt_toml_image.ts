import { IMAGE_SETTINGS, type ImageSetting } from "./image_settings.ts";
import type { Check } from "./smelt_toml_check.ts";
import { kindOfToml, type Table } from "./smelt_toml_table.ts";

/** What `[image]` says of images. */
export interface ImageConfig {
  /** By key of `IMAGE_SETTINGS`, in the form that options have. */
  readonly settings: ReadonlyMap<string, ConfiguredTexts>;
  /** Programs that are there, by what stands behind `image://`. */
  readonly programs: ReadonlyMap<string, ConfiguredTexts>;
}

/** Texts of `smelt.toml`, and the line in which they begin. */
export interface ConfiguredTexts {
  /** Pairs as `NAME=VALUE`, programs as `PLATFORM=PATH`. */
  readonly texts: readonly string[];
  /** 1 is the first. */
  readonly line: number;
}

/** What holds without `[image]`. */
export const NO_IMAGE_CONFIG: ImageConfig = { settings: new Map(), programs: new Map() };

const PROGRAMS = "programs";
const PLATFORM_REGEXP = /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/;

/** Reads `[image]`. */
export function readImageConfig(check: Check, root: Table): ImageConfig {
  const path = ["image"];
  const table = check.table(root, path);
  if (table === undefined) return NO_IMAGE_CONFIG;
  check.keys(table, path, [...IMAGE_SETTINGS.map(({ key }) => key), PROGRAMS]);
  const settings = new Map<string, ConfiguredTexts>();
  for (const setting of IMAGE_SETTINGS) {
    if (!Object.hasOwn(table, setting.key)) continue;
    const place = [...path, setting.key];
    settings.set(setting.key, { texts: readSetting(check, table, setting), line: check.lineOf(place) });
  }
  return { settings, programs: readPrograms(check, check.table(table, [...path, PROGRAMS])) };
}

function readSetting(check: Check, table: Table, setting: ImageSetting): readonly string[] {
  const { key, kind, pattern, wanted } = setting;
  const path = ["image", key];
  switch (kind) {
    case "flag":
      return [String(check.flag(table, path))];
    case "text": {
      const text = check.text(table, path, pattern, wanted);
      return text === undefined ? [] : [text];
    }
    case "texts": {
      const placed = check.texts(table, path);
      for (const { name, span } of placed) {
        if (!pattern.test(name)) {
          check.failAt(span, `Correct "image.${key}": expected ${wanted}, found ${JSON.stringify(name)}`);
        }
      }
      return placed.map(({ name }) => name);
    }
    case "pairs":
      return readPairs(check, check.table(table, path), { path, pattern, wanted });
  }
}

function readPrograms(check: Check, table: Table | undefined): ReadonlyMap<string, ConfiguredTexts> {
  const programs = new Map<string, ConfiguredTexts>();
  for (const name of Object.keys(table ?? {})) {
    const path = ["image", PROGRAMS, name];
    const one = check.table(table, path);
    if (one === undefined) continue;
    const platforms = Object.keys(one);
    if (platforms.length === 0) {
      check.fail(
        path,
        `Add a platform to ${JSON.stringify(name)}`,
        'for example "linux/amd64" = "target/web"',
      );
    }
    for (const platform of platforms.filter((each) => !PLATFORM_REGEXP.test(each))) {
      check.fail(
        [...path, platform],
        `Correct "image.${PROGRAMS}": expected a platform, such as "linux/amd64", found ${
          JSON.stringify(platform)
        }`,
      );
    }
    const pattern = /^[^=]+=[^\p{Cc}]+$/u;
    const texts = readPairs(check, one, { path, pattern, wanted: "the path of a program" });
    programs.set(name, { texts, line: check.lineOf(path) });
  }
  return programs;
}

function readPairs(
  check: Check,
  table: Table | undefined,
  { path, pattern, wanted }: {
    readonly path: readonly string[];
    readonly pattern: RegExp;
    readonly wanted: string;
  },
): readonly string[] {
  return Object.entries(table ?? {}).flatMap(([name, value]) => {
    const at = [...path, name];
    const found = typeof value === "string" ? JSON.stringify(`${name}=${value}`) : kindOfToml(value);
    if (typeof value === "string" && pattern.test(`${name}=${value}`)) return [`${name}=${value}`];
    const expected = typeof value === "string" ? wanted : "a string";
    check.fail(at, `Correct "${at.join(".")}": expected ${expected}, found ${found}`);
    return [];
  });
}
