/** The folder of a project in which smelt keeps the log, keys and sealed secrets. */
export const OWN_FOLDER = ".smelt";

/**
 * Whether a path, its links resolved, is or lies below smelt's own folder, of whatever project. There are file systems to which
 * large and small letters are one.
 */
export function isInOwnFolder(path: string): boolean {
  return path.split(/[/\\]/).some((part) => part.toLowerCase() === OWN_FOLDER);
}
