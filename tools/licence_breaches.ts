/** One locked package, with the licence that its own `package.json` names. */
export interface LockedPackage {
  /** Name and version, for example `fast-check@4.10.2`. */
  readonly id: string;
  /** An SPDX expression; `undefined` when the package names none. */
  readonly licence: string | undefined;
}

/** Licences that ask for no more than a notice, by their SPDX names. */
const PERMISSIVE: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
];

/** Names each package whose licence is missing or asks for more than a notice. */
export function licenceBreaches(packages: readonly LockedPackage[]): readonly string[] {
  return packages.flatMap(({ id, licence }) => {
    if (licence === undefined) return [`${id} names no licence in its package.json`];
    return isPermissive(licence)
      ? []
      : [`${id} has the licence "${licence}", which is not on the permissive list`];
  });
}

/** Cuts the text of `deno.lock` down to the ids of its npm packages, without the marks of peer dependencies. */
export function lockedIds(lock: string): readonly string[] {
  const parsed: { readonly npm?: Readonly<Record<string, unknown>> } = JSON.parse(lock);
  return Object.keys(parsed.npm ?? {}).map((id) => id.replace(/(?<=.@[^_]*)_.*$/, ""));
}

/** Of alternatives one is enough; of licences that hold together, all must be permissive. */
function isPermissive(expression: string): boolean {
  return expression.replaceAll(/[()]/g, "").split(" OR ")
    .some((choice) => choice.split(" AND ").every((name) => PERMISSIVE.includes(name.trim())));
}
