import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { argText } from "./arg_text.ts";
import { permissionsOf } from "./command_permissions.ts";
import type { CommandInput, CommandSpec, OptionSpec } from "./command_spec.ts";
import { COMMANDS } from "./command_table.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODE_MEANINGS, EXIT_CODES, type ExitKind } from "./exit_code.ts";
import { reportUsage } from "./report_usage.ts";
import { line } from "./text.ts";
import { usageError } from "./usage_error.ts";
import { PROSE_COLUMNS, wrapText } from "./wrap_text.ts";

/** Beside long names of commands a summary is broken into lines of so few columns at least; narrower, it is not broken. */
const LEAST_SUMMARY_COLUMNS = 30;

/** Parses the command line, does what it says, and gives the exit code. */
export async function runProgram(context: CliContext, args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODES.ok;
  const program = buildProgram(context, (code) => exitCode = code);
  if (args.length === 0) {
    program.outputHelp();
    return EXIT_CODES.usage;
  }
  try {
    await program.parseAsync([...withHelpLast(args)], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT_CODES.ok;
    // A group without a command: its help has been printed.
    if (error.code !== "commander.help") reportUnparsed(context, error.message, args);
    return EXIT_CODES.usage;
  }
  return exitCode;
}

/** `help state ls` as `state ls --help`. What is no command stands alone, so that it is named as the error. */
function withHelpLast(args: readonly string[]): readonly string[] {
  const asked = args[0] === "help" ? [...args.slice(1), "--help"] : args;
  const [first = ""] = asked;
  const isKnown = first.startsWith("-") || COMMANDS.some((each) => each.path[0] === first);
  return !isKnown && (asked.includes("--help") || asked.includes("-h")) ? [first] : asked;
}

/** Nothing was parsed, so the format is what the words say. */
function reportUnparsed(context: CliContext, text: string, args: readonly string[]): void {
  const options = new Set(COMMANDS.flatMap((each) => each.options.map((option) => option.name)));
  reportUsage(context, usageError(text, options), args.includes("--json") ? "json" : "text");
}

/** The whole command line as a commander program. */
function buildProgram(context: CliContext, setExitCode: (code: number) => void): Command {
  const program = configure(new Command("smelt"), context)
    .description("Infrastructure as code on a signed, append-only log")
    .version(`smelt ${context.version}`, "-V, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", exitCodeHelp());
  for (const spec of COMMANDS) addCommand(program, context, spec, setExitCode);
  return program;
}

function configure(command: Command, context: CliContext): Command {
  const writeLines = (write: "out" | "err") => (text: string) =>
    context.printer[write](text.replace(/\n$/, "").split("\n").map((each) => line(each)));
  return command
    .exitOverride()
    // An option behind a subcommand is the subcommand's, though the command above it has one of that name.
    .enablePositionalOptions()
    .helpOption("-h, --help", "print this help")
    .configureHelp({ minWidthToWrap: LEAST_SUMMARY_COLUMNS })
    .configureOutput({
      writeOut: writeLines("out"),
      writeErr: writeLines("err"),
      getOutHelpWidth: () => helpWidth(context),
      getErrHelpWidth: () => helpWidth(context),
      outputError: () => {}, // `reportUsage` tells it
    });
}

function helpWidth(context: CliContext): number {
  return Math.min(context.terminalSize().columns, PROSE_COLUMNS);
}

function addCommand(
  program: Command,
  context: CliContext,
  spec: CommandSpec,
  setExitCode: (code: number) => void,
): void {
  const parent = groupOf(program, context, spec.path.slice(0, -1));
  const command = configure(parent.command(spec.path.at(-1) ?? ""), context).description(spec.summary);
  command.usage([...(spec.options.length > 0 ? ["[options]"] : []), ...spec.args.map(argText)].join(" "));
  for (const arg of spec.args) command.argument(argText(arg), arg.summary);
  for (const option of spec.options) command.addOption(commanderOption(option));
  if (spec.details !== undefined) {
    command.addHelpText("after", () => `\n${wrapText(spec.details ?? "", helpWidth(context)).join("\n")}`);
  }
  command.action(async () => {
    context.keepPermissions(permissionsOf(spec.path));
    const module = await spec.load();
    setExitCode(await module.run(context, inputOf(command)));
  });
}

/** The command under which subcommands stand, made when it is first needed. */
function groupOf(program: Command, context: CliContext, path: readonly string[]): Command {
  let parent = program;
  for (const name of path) {
    const known = parent.commands.find((each) => each.name() === name);
    parent = known ?? configure(parent.command(name), context).description(groupSummary(name));
  }
  return parent;
}

function groupSummary(name: string): string {
  const names = COMMANDS.filter((each) => each.path[0] === name).map((each) => each.path.at(-1));
  return `commands: ${names.join(", ")}`;
}

function commanderOption(option: OptionSpec): Option {
  const name = option.short === undefined ? `--${option.name}` : `-${option.short}, --${option.name}`;
  if (option.value === undefined) return new Option(name, option.summary);
  const value = option.valueIsOptional === true ? `[${option.value}]` : `<${option.value}>`;
  const made = new Option(`${name} ${value}`, option.summary);
  if (option.choices !== undefined) made.choices(option.choices);
  if (option.minimum !== undefined) made.argParser((text: string) => wholeNumber(text, option.minimum ?? 0));
  if (option.repeatable === true) {
    made.argParser((text: string, before: readonly string[] = []) => [...before, text]);
  }
  const { maximumLength } = option;
  if (maximumLength !== undefined) made.argParser((text: string) => shortText(made, text, maximumLength));
  return made;
}

/** What is refused may be long or move the cursor: the message does not repeat it. */
function shortText(option: Option, text: string, maximumLength: number): string {
  const refuse = (why: string) =>
    new CommanderError(EXIT_CODES.usage, "smelt.text", `error: option '${option.flags}' ${why}`);
  const length = [...text].length;
  if (length > maximumLength) {
    throw refuse(`takes at most ${maximumLength} characters, found ${length}`);
  }
  const control = /\p{Cc}/u.exec(text)?.[0];
  if (control === undefined) return text;
  const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  throw refuse(`takes no control characters, found U+${code}`);
}

function wholeNumber(text: string, minimum: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= minimum) return value;
  throw new InvalidArgumentError(`Expected a whole number, at least ${minimum}.`);
}

/** Commander names a flag `--no-refresh` by `refresh: false`; here each flag goes by its own name. */
function inputOf(command: Command): CommandInput {
  const options: Record<string, unknown> = command.opts();
  const read = (name: string) =>
    options[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  return {
    args: command.args,
    format: read("json") === true ? "json" : "text",
    flag: (name) => name.startsWith("no-") ? read(name.slice(3)) === false : read(name) === true,
    text: (name) => {
      const value = read(name);
      return typeof value === "string" ? value : undefined;
    },
    texts: (name) => {
      const value = read(name);
      return Array.isArray(value) ? value : [];
    },
    wholeNumber: (name) => {
      const value = read(name);
      return typeof value === "number" ? value : undefined;
    },
  };
}

function exitCodeHelp(): string {
  const kinds = Object.keys(EXIT_CODES).filter((kind): kind is ExitKind => kind in EXIT_CODE_MEANINGS);
  return [
    "",
    "Exit codes:",
    ...kinds.map((kind) => `  ${String(EXIT_CODES[kind]).padStart(2)}  ${EXIT_CODE_MEANINGS[kind]}`),
  ]
    .join("\n");
}
