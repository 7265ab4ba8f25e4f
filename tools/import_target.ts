/** What an import specifier means, without looking at the disk. */
export type ImportTarget =
  | { readonly kind: "file"; /** Relative to the project. */ readonly path: string }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "refused"; readonly why: string };

const PACKAGE_NAME = /^(?:@[a-z0-9._-]+\/)?[a-z0-9._-]+/;

/** Resolves `specifier` as written in the file at `path`. A package may be named with a path inside it. */
export function importTarget(path: string, specifier: string): ImportTarget {
  if (specifier.startsWith("node:")) return { kind: "builtin", name: specifier };
  if (specifier.startsWith("./") || specifier.startsWith("../")) return fileTarget(path, specifier);
  if (/^(?:npm|jsr):/.test(specifier)) {
    return refused("name the package in deno.json and import it by its bare name");
  }
  if (/^[a-z]+:/.test(specifier)) {
    return refused("modules come from this project, from deno.json or from the runtime");
  }
  const name = PACKAGE_NAME.exec(specifier)?.[0];
  return name === undefined
    ? refused("it is neither a relative path nor a package")
    : { kind: "package", name };
}

function fileTarget(path: string, specifier: string): ImportTarget {
  if (!/\.(?:ts|json)$/.test(specifier)) return refused("a relative import ends in .ts");
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return refused("it lies outside the project");
    } else if (part !== ".") parts.push(part);
  }
  return { kind: "file", path: parts.join("/") };
}

function refused(why: string): ImportTarget {
  return { kind: "refused", why };
}
