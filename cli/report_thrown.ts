import { type CutRun, IntegrityError } from "../engine/integrity_error.ts";
import { InvariantError } from "../engine/invariant.ts";
import type { JsonObject } from "../engine/json.ts";
import { scrubThrown } from "../engine/scrub_thrown.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { jsonText } from "./render/json_text.ts";
import { errorLines } from "./report_failure.ts";
import { type Line, line, span } from "./text.ts";

/**
 * Says what ended a command from inside: damage, a broken world, or a bug. Never shows a stack but for a bug, and no secret that
 * stands in a message.
 */
export function reportThrown(context: CliContext, thrown: unknown, args: readonly string[]): number {
  scrubThrown(context.ports.secrets, thrown);
  const kind = thrown instanceof IntegrityError ? "integrity" : "error";
  if (args.includes("--json")) {
    context.printer.machine(jsonText({
      error: {
        kind: thrown instanceof IntegrityError ? `Integrity/${thrown.kind}` : errorKind(thrown),
        message: messageOf(thrown),
        where: thrown instanceof IntegrityError ? thrown.where : undefined,
        ...(thrown instanceof IntegrityError && thrown.cut !== undefined ? { cut: cutJson(thrown.cut) } : {}),
      },
      exit: { code: EXIT_CODES[kind], kind },
    }));
    return EXIT_CODES[kind];
  }
  if (thrown instanceof IntegrityError) {
    context.printer.err([
      ...errorLines(thrown.message),
      line(span("  where", "dim"), `: ${thrown.where}`),
      ...cutLines(thrown.cut),
      line(
        span("hint", "cyan"),
        `: ${
          thrown.cut === undefined ? "nothing was changed; " : ""
        }smelt audit verify lists everything that does not hold`,
      ),
      ...(thrown.hint === undefined ? [] : [line(span("hint", "cyan"), `: ${thrown.hint}`)]),
    ]);
  } else if (thrown instanceof InvariantError) {
    context.printer.err([
      ...errorLines(`This is a bug of smelt: ${thrown.message}`, "Please report it with the lines below"),
      ...(thrown.stack ?? "").split("\n").slice(1, 8).map((each) => line(each)),
    ]);
  } else context.printer.err(errorLines(messageOf(thrown), permissionHint(thrown)));
  return EXIT_CODES[kind];
}

/** What a run had done that damage cut short. */
function cutLines(cut: CutRun | undefined): readonly Line[] {
  if (cut === undefined) return [];
  const { run, deposed, inDoubt } = cut;
  const short = run.slice(0, 8);
  return [
    line(`  the run ${short} had begun to change things when it met this, and was cut short`),
    ...deposed.map(({ address, id }) => line(`  still there: ${address} "${id}", which was replaced`)),
    ...inDoubt.map((address) => line(`  in doubt: ${address}, whose last call has no known outcome`)),
    line(
      span("hint", "cyan"),
      `: smelt history --run ${short} tells what was done; once the damage is mended, apply goes on from there`,
    ),
  ];
}

function cutJson({ run, deposed, inDoubt }: CutRun): JsonObject {
  return { run, deposed: deposed.map((each) => ({ ...each })), in_doubt: inDoubt };
}

function errorKind(thrown: unknown): string {
  if (thrown instanceof InvariantError) return "Bug";
  return thrown instanceof Deno.errors.NotCapable ? "Permission" : "Broken";
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? `: ${fileMessage(thrown.cause.message)}` : "";
  return `${fileMessage(thrown.message)}${cause}`;
}

/** The names of the runtime's calls, where they are no words. */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ["readfile", "read"],
  ["writefile", "write"],
  ["readdir", "read the folder"],
  ["readlink", "read the link"],
  ["mkdir", "make the folder"],
  ["stat", "look at"],
  ["lstat", "look at"],
  ["realpath", "look at"],
  ["truncate", "shorten"],
  ["chmod", "change the mode of"],
]);

/** What the system says of a file, `Permission denied (os error 13): open 'x'`, as a sentence that begins with the action. */
function fileMessage(message: string): string {
  const said = /^(.+) \(os error \d+\): (\w+) '(.+)'$/s.exec(message);
  if (said === null) return message;
  const [, why = "", action = "", path = ""] = said;
  return `Cannot ${ACTIONS.get(action) ?? action} "${path}": ${why.toLowerCase()}`;
}

function permissionHint(thrown: unknown): string | undefined {
  if (!(thrown instanceof Deno.errors.NotCapable)) return undefined;
  return "The launcher that smelt init writes gives the permissions that a project needs";
}
