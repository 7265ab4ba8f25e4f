/** Smelt's own variables that every program gets: where programs, homes and scratch files are, and the language. */
const KEPT: Readonly<Record<"unix" | "windows", readonly string[]>> = {
  unix: ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"],
  windows: [
    "PATH",
    "PATHEXT",
    "COMSPEC",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "TEMP",
    "TMP",
    "LANG",
    "LC_ALL",
  ],
};

/**
 * The variables of a program: of smelt's own only the kept ones and those that `inherited` names, as far as they are set,
 * so that no credentials reach a program that may print them; then the `given` ones, which win.
 */
export function childEnvironment(
  inherited: readonly string[],
  given: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const names = [...KEPT[Deno.build.os === "windows" ? "windows" : "unix"], ...inherited];
  const own = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...own, ...given]);
}

/** Whether a variable can have this name; the system takes no other. */
export function isVariableName(name: string): boolean {
  return name !== "" && !/[=\0]/.test(name);
}
