/**
 * Makes the machine ready for `deno task test`: fetches the locked modules, brings the programs of others that tests hold
 * smelt against, and looks for what the tests need of the system. As root on Debian it installs packages. Exits with 1 when
 * something is missing, and says what.
 */
import { bringForeign } from "./bring_foreign.ts";
import { findForeign, FOREIGN_PROGRAMS, type ForeignProgram } from "./needs.ts";
import { nobodyOf } from "./other_user.ts";
import { complain, say } from "./say.ts";

/** One thing the tests need. `missing` says what to do about it. */
interface Need {
  readonly name: string;
  readonly found: string | undefined;
  readonly missing: string;
}

if (import.meta.main) Deno.exit(setUp());

function setUp(): number {
  bringForeign();
  const needs = [lockedModules(), shell(), otherUser(), ...FOREIGN_PROGRAMS.map(foreign)];
  for (const { name, found, missing } of needs) {
    if (found === undefined) complain(`missing  ${name}: ${missing}`);
    else say(`ok       ${name}: ${found}`);
  }
  return needs.every(({ found }) => found !== undefined) ? 0 : 1;
}

function lockedModules(): Need {
  const isFetched = succeeds(Deno.execPath(), ["install", "-q"]);
  return {
    name: "locked modules",
    found: isFetched ? "in the module cache" : undefined,
    missing: 'run "deno install" and read why it fails',
  };
}

/** `local.Command` runs programs; its tests use the shell that every Unix has. */
function shell(): Need {
  return {
    name: "shell",
    found: succeeds("sh", ["-c", "exit 0"]) ? "sh" : undefined,
    missing: 'put a POSIX shell named "sh" on the PATH',
  };
}

/** Root may write everywhere, so as root the test of an unwritable folder needs another user. */
function otherUser(): Need {
  const name = "user without rights";
  const missing = 'create a user named "nobody", or run the tests as another user than root';
  if (Deno.uid() !== 0) return { name, found: "not needed, since this is not root", missing };
  const user = nobodyOf(Deno.readTextFileSync("/etc/passwd"));
  return { name, found: user === undefined ? undefined : `${user.name}, uid ${user.uid}`, missing };
}

/** A test that lacks one of these is skipped, except where `CI` is set. */
function foreign(program: ForeignProgram): Need {
  const { source, use } = program;
  const missing = `it ${use}; ${waysTo(source)}`;
  return { name: program.name, found: findForeign(program), missing };
}

function waysTo(source: ForeignProgram["source"]): string {
  if (source.kind === "debian") return `as root: apt-get install ${source.packages[0] ?? ""}`;
  const told = "the lines above say why it could not be brought";
  return source.kind === "rustRoot" ? `as root: apt-get install ${source.packages.join(" ")}; ${told}` : told;
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    return new Deno.Command(program, { args: [...args], stdin: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
