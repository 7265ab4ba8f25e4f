/** Folders and files that are no part of the project. */
const PRIVATE_NAMES: readonly string[] = ["node_modules", "coverage"];

/**
 * Lists the files under `root`, relative to it with `/`, sorted. Names that start with a dot (`.git`, `.smelt`) are
 * left out.
 */
export function projectFiles(root: string): readonly string[] {
  const paths: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of Deno.readDirSync(`${root}/${folder}`)) {
      if (entry.name.startsWith(".") || PRIVATE_NAMES.includes(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory) visit(path);
      else paths.push(path);
    }
  };
  visit("");
  return paths.toSorted();
}
