import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CommandInput, CommandSpec, OptionSpec } from "./command_spec.ts";
import { COMMANDS } from "./command_table.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODE_MEANINGS, EXIT_CODES, type ExitKind } from "./exit_code.ts";
import { errorLines } from "./report_failure.ts";
import { line } from "./text.ts";

/** Parses the command line, does what it says, and gives the exit code. */
export async function runProgram(context: CliContext, args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODES.ok;
  const program = buildProgram(context, (code) => exitCode = code);
  if (args.length === 0) {
    program.outputHelp();
    return EXIT_CODES.usage;
  }
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  }
  return exitCode;
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
    .showHelpAfterError("(--help tells more)")
    .helpOption("-h, --help", "print this help")
    .configureOutput({
      writeOut: writeLines("out"),
      writeErr: writeLines("err"),
      outputError: (text) => context.printer.err(errorLines(sentence(text))),
    });
}

/** Commander's messages start with `error: ` and a small letter, and end with a full stop and a line end. */
function sentence(text: string): string {
  const bare = text.trim().replace(/^error: /, "").replaceAll("\n", " ");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
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
  if (spec.details !== undefined) command.addHelpText("after", `\n${spec.details}`);
  command.action(async () => {
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

function argText(arg: CommandSpec["args"][number]): string {
  if (arg.arity === "required") return `<${arg.name}>`;
  return arg.arity === "any" ? `[${arg.name}...]` : `[${arg.name}]`;
}

function commanderOption(option: OptionSpec): Option {
  if (option.value === undefined) return new Option(`--${option.name}`, option.summary);
  const made = new Option(`--${option.name} <${option.value}>`, option.summary);
  if (option.choices !== undefined) made.choices(option.choices);
  if (option.minimum !== undefined) made.argParser((text: string) => wholeNumber(text, option.minimum ?? 0));
  return made;
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
    flag: (name) => name.startsWith("no-") ? read(name.slice(3)) === false : read(name) === true,
    text: (name) => {
      const value = read(name);
      return typeof value === "string" ? value : undefined;
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
