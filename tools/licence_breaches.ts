import { PERMISSIVE_LICENCES } from "./supply_policy.ts";

/** One locked package, with the licence that its own `package.json` names. */
export interface LicensedPackage {
  /** Name and version, for example `fast-check@4.10.2`. */
  readonly id: string;
  /** An SPDX expression; `undefined` when the package names none. */
  readonly licence: string | undefined;
}

/** Names each package whose licence is missing or asks for more than a notice. */
export function licenceBreaches(packages: readonly LicensedPackage[]): readonly string[] {
  return packages.flatMap(({ id, licence }) => {
    if (licence === undefined) return [`${id} names no licence in its package.json`];
    return isPermissive(licence)
      ? []
      : [`${id} has the licence "${licence}", which is not on the permissive list`];
  });
}

/** Of alternatives one is enough; of licences that hold together, all must be permissive. */
function isPermissive(expression: string): boolean {
  return expression.replaceAll(/[()]/g, "").split(" OR ")
    .some((choice) => choice.split(" AND ").every((name) => PERMISSIVE_LICENCES.includes(name.trim())));
}
