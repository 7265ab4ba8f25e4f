/** Folders and files that are no part of the project. */
const PRIVATE_NAMES: readonly string[] = ["node_modules", "coverage"];

/** Folders that start with a dot and hold what is no file of the project either. */
const STORES: readonly string[] = [".git", ".smelt"];

/**
 * Lists the files under `root`, relative to it with `/`, sorted. Names that start with a dot (`.git`, `.smelt`) are
 * left out.
 */
export function projectFiles(root: string): readonly string[] {
  return filesBelow(root, (name) => !name.startsWith("."));
}

/** Like `projectFiles`, with those whose names start with a dot: what version control may keep. */
export function keptFiles(root: string): readonly string[] {
  return filesBelow(root, (name) => !STORES.includes(name));
}

function filesBelow(root: string, isWanted: (name: string) => boolean): readonly string[] {
  const paths: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of Deno.readDirSync(`${root}/${folder}`)) {
      if (!isWanted(entry.name) || PRIVATE_NAMES.includes(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory) visit(path);
      else paths.push(path);
    }
  };
  visit("");
  return paths.toSorted();
}
