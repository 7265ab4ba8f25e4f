import { resolve } from "node:path";
import type { CallFailure } from "../../engine/call_failure.ts";
import { OWN_PATHS } from "../../engine/own_folder.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { field, type ResourceSchema, section } from "../../engine/schema.ts";
import {
  isList,
  record,
  Secret,
  someValue,
  Unknown,
  type Value,
  type ValueRecord,
} from "../../engine/value.ts";
import { refused } from "../failures.ts";
import {
  flagField,
  holdsSecret,
  integerList,
  isGiven,
  knownText,
  textField,
  textList,
  textMap,
} from "../field_reader.ts";
import type { LiveObject } from "../provider.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { isVariableName } from "./child_environment.ts";
import { checkOutside } from "./place.ts";
import { type ProgramEnd, runProgram } from "./run_program.ts";

const TEXT = { kind: "string" } as const;
const TEXTS = { kind: "list", element: TEXT } as const;
const COMMANDS = ["create", "update", "delete"] as const;
const ERROR_TAIL = 500;

/** What `local.Command` takes and gives. */
export const COMMAND_SCHEMA = {
  type: "local.Command",
  summary: "Runs programs of this machine when it is created, updated and deleted, " +
    "each without a shell; one that ends with another code than wanted counts as having done nothing",
  version: 1,
  sections: [
    section("", "What is run", [
      field(
        "create",
        TEXTS,
        "Program and arguments that create; needs --allow-run=PROGRAM as the others do",
        {
          required: true,
        },
      ),
      field("update", TEXTS, "Program and arguments after any change; without it create is run again"),
      field("delete", TEXTS, "Program and arguments that delete; without it nothing is run"),
      field(
        "environment",
        { kind: "map", element: TEXT },
        "Variables beside SMELT_OBJECT_ID and the few of smelt's own: PATH, HOME, LANG, LC_ALL, TMPDIR",
      ),
      field(
        "inherit",
        TEXTS,
        "Names of further variables of smelt's own that are passed on where they are set; " +
          "what the program prints of them is kept as output",
        { setLike: true },
      ),
      field("working_dir", TEXT, "Folder to run in, from the project root", {
        defaultValue: ".",
        reserved: OWN_PATHS,
      }),
      field("stdin", TEXT, "What the program reads"),
      field("success_codes", { kind: "list", element: { kind: "integer" } }, "Exit codes that mean success", {
        defaultValue: [0],
        setLike: true,
      }),
      field(
        "sensitive_output",
        { kind: "boolean" },
        "Keep stdout as a secret; it is one too when any field is",
        {
          defaultValue: false,
        },
      ),
      field("triggers_replace", { kind: "any" }, "Any value; when it changes, the object is replaced", {
        immutable: true,
      }),
    ]),
  ],
  outputs: [
    field("stdout", TEXT, "What the last program wrote, at most 1 MiB, without one last newline"),
    field("exit_code", { kind: "integer" }, "The code that it ended with"),
  ],
  deletesByApplied: true,
  world: {
    marker: "none",
    uniqueName: undefined,
    settleMs: 0,
    tokenLifetimeMs: 0,
    preconditions: false,
    inProcess: false,
  },
  timeoutsMs: { create: 600_000, update: 600_000, delete: 600_000, read: 5_000 },
  importId: undefined,
  sbomKind: "application",
} as const satisfies ResourceSchema;

/**
 * `local.Command`: programs are run from `root`. Nobody can look at what they did, so a killed run leaves the outcome
 * unknown for people to settle, and the id is told only after a program has ended well.
 */
export function commandType(root: string): TypeAdapter {
  return {
    schema: COMMAND_SCHEMA,
    permissions: (fields) => [
      ...programsOf(root, fields).map((target) => ({ kind: "run", target } as const)),
      ...inheritedNames(fields).map((target) => ({ kind: "env", target } as const)),
    ],
    check: (fields) => checkPaths(root, fields),
    read: ({ id, applied, outputs }) =>
      Promise.resolve(ok({ id, fields: applied, outputs: outputs ?? record() })),
    create: ({ token, fields }, signal) => runFor(root, { id: token, name: "create", fields }, signal),
    update: ({ id, after }, signal) =>
      runFor(root, { id, name: isGiven(after, "update") ? "update" : "create", fields: after }, signal),
    async delete({ id, applied }, signal) {
      if (!isGiven(applied, "delete")) return ok(undefined);
      if (someValue(applied, (part) => part instanceof Unknown)) {
        return err(refused("InvalidConfig", "Cannot delete: the command takes a secret that was given up"));
      }
      const run = await runFor(root, { id, name: "delete", fields: applied }, signal);
      return run.ok ? ok(undefined) : run;
    },
    list: () => Promise.resolve(ok([])),
  };
}

interface Job {
  readonly id: string;
  readonly name: typeof COMMANDS[number];
  readonly fields: ValueRecord;
}

async function runFor(root: string, job: Job, signal: AbortSignal): Promise<Result<LiveObject, CallFailure>> {
  const { id, name, fields } = job;
  const checked = await checkPaths(root, fields);
  if (!checked.ok) return checked;
  const [program, ...args] = textList(fields, name);
  if (program === undefined) {
    return err(refused("InvalidConfig", `Cannot ${name}: "${name}" names no program`));
  }
  const inherited = textList(fields, "inherit");
  if (!inherited.every(isVariableName)) {
    return err(refused("InvalidConfig", `Cannot ${name}: "inherit" holds what is no name of a variable`));
  }
  const label = isProgramSecret(fields[name]) ? `the ${name} command` : `the ${name} command "${program}"`;
  const ended = await runProgram({
    program: programPath(root, program),
    args,
    inherited,
    environment: new Map([["SMELT_OBJECT_ID", id], ...textMap(fields, "environment")]),
    workingDir: resolve(root, textField(fields, "working_dir") ?? "."),
    stdin: textField(fields, "stdin") ?? "",
    label,
  }, signal);
  if (!ended.ok) return ended;
  const wanted = successCodes(fields);
  if (!wanted.includes(ended.value.exitCode)) return err(wrongCode(label, wanted, ended.value, fields));
  return ok({ id, fields, outputs: outputsOf(ended.value, fields) });
}

function outputsOf({ stdout, exitCode }: ProgramEnd, fields: ValueRecord): ValueRecord {
  return record([["stdout", isSensitive(fields) ? new Secret(stdout) : stdout], ["exit_code", exitCode]]);
}

function wrongCode(
  label: string,
  wanted: readonly number[],
  { exitCode, stderr }: ProgramEnd,
  fields: ValueRecord,
): CallFailure {
  // A program may repeat what it was given, in any spelling: with secrets around, nothing of it is shown.
  const said = isSensitive(fields)
    ? "; what it said is not shown since its fields or output are sensitive"
    : stderr === ""
    ? ""
    : `; it said: ${[...stderr].slice(-ERROR_TAIL).join("")}`;
  return refused(
    "ConstraintViolated",
    `Cannot finish ${label}: expected the exit code ${wanted.join(" or ")}, found ${exitCode}${said}`,
  );
}

function successCodes(fields: ValueRecord): readonly number[] {
  const codes = integerList(fields, "success_codes");
  return codes.length > 0 ? codes : [0];
}

function isSensitive(fields: ValueRecord): boolean {
  return flagField(fields, "sensitive_output") || holdsSecret(fields);
}

/** Programs named by a path are found from the project root, others on the system's search path. */
function programPath(root: string, program: string): string {
  return program.includes("/") ? resolve(root, program) : program;
}

function programsOf(root: string, fields: ValueRecord): readonly string[] {
  const programs = COMMANDS.map((name) => programOf(fields[name])).filter((each) => each !== undefined);
  return [...new Set(programs.map((each) => programPath(root, each)))];
}

/** Neither the folder to run in nor a program may be smelt's own. */
async function checkPaths(root: string, fields: ValueRecord): Promise<Result<void, CallFailure>> {
  const programs = COMMANDS.map((name) => programOf(fields[name])).filter((each) => each?.includes("/"));
  for (const path of [knownText(fields["working_dir"]), ...programs]) {
    const checked = path === undefined ? ok(undefined) : await checkOutside(root, path);
    if (!checked.ok) return checked;
  }
  return ok(undefined);
}

/** The names that `inherit` holds, as far as they are known. */
function inheritedNames(fields: ValueRecord): readonly string[] {
  const names = fields["inherit"];
  return isList(names) ? names.filter((each) => typeof each === "string").filter(isVariableName) : [];
}

/** The program of a command as far as it is known: before an apply it may be unknown or secret. */
function programOf(command: Value | undefined): string | undefined {
  const value = command instanceof Secret ? Secret.open(command) : command;
  return isList(value) ? knownText(value[0]) : undefined;
}

function isProgramSecret(command: Value | undefined): boolean {
  return command instanceof Secret || (isList(command) && command[0] instanceof Secret);
}
