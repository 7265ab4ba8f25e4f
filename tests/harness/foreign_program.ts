import { findForeign, FOREIGN_PROGRAMS, type ForeignName } from "../../tools/needs.ts";

/** Paths of the programs that a test asked for, by name. */
export type ForeignPaths<Name extends ForeignName> = Readonly<Record<Name, string>>;

/**
 * A test that needs programs of others. Where one lacks the test is skipped, and its name says what brings it; under CI it
 * fails instead, since `deno task setup` has brought all of them there.
 */
export function foreignTest<Name extends ForeignName>(
  names: readonly Name[],
  title: string,
  test: (paths: ForeignPaths<Name>) => Promise<void>,
): void {
  const paths = new Map<ForeignName, string>();
  for (const program of FOREIGN_PROGRAMS) {
    const path = findForeign(program);
    if (path !== undefined) paths.set(program.name, path);
  }
  const lacking = names.filter((name) => !paths.has(name));
  const isSkipped = lacking.length > 0 && Deno.env.get("CI") === undefined;
  Deno.test({
    name: isSkipped ? `${title} (needs ${lacking.join(", ")}: run deno task setup)` : title,
    ignore: isSkipped,
    fn: async () => {
      if (lacking.length > 0) throw new Error(`Lacks ${lacking.join(", ")}: run deno task setup`);
      await test(Object.fromEntries(paths) as ForeignPaths<Name>);
    },
  });
}
