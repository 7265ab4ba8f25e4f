import type { ReservedTexts } from "./schema.ts";

/** The folder of a project in which smelt keeps the log, keys and sealed secrets. */
export const OWN_FOLDER = ".smelt";

/**
 * Whether a path, its links resolved, is or lies below smelt's own folder, of whatever project. There are file systems to which
 * large and small letters are one.
 */
export function isInOwnFolder(path: string): boolean {
  return path.split(/[/\\]/).some((part) => part.toLowerCase() === OWN_FOLDER);
}

/** The same of a path as it is written, for the schemas of fields that take one. */
export const OWN_PATHS: ReservedTexts = {
  pattern: String.raw`(?:^|[\/\\])\.(?i:smelt)(?:[\/\\]|$)`,
  why: `the folder ${OWN_FOLDER} is smelt's own`,
};
