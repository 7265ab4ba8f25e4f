import { argText } from "../cli/arg_text.ts";
import type { ArgSpec, CommandSpec, OptionSpec } from "../cli/command_spec.ts";
import { markdownTable } from "./markdown_table.ts";

/** An exit code as the page tells it. */
export interface ExitCodeRow {
  readonly code: number;
  /** Its word in JSON output. */
  readonly kind: string;
  readonly meaning: string;
}

/** The reference page of the command line in Markdown, made of the program's definitions alone. */
export function commandPage(commands: readonly CommandSpec[], exitCodes: readonly ExitCodeRow[]): string {
  return [
    "# Commands",
    "This page is made from `cli/command_table.ts` and `cli/exit_code.ts` by `deno task docs:commands`. Edit those, not " +
    "this. `smelt help COMMAND` says the same, and what to do in which situation is told in [operations.md](operations.md).",
    contents(commands),
    "## Exit codes",
    "Commands that print JSON print the code and its word too, as `exit`.",
    markdownTable(
      ["code", "word", "meaning"],
      exitCodes.map(({ code, kind, meaning }) => [`${code}`, `\`${kind}\``, meaning]),
    ),
    "## Options of every command",
    markdownTable(["option", "meaning"], [
      ["`-h`, `--help`", "print the help of the command"],
      ["`-V`, `--version`", "print the version; without a command only"],
    ]),
    ...commands.flatMap(commandParts),
  ].join("\n\n") + "\n";
}

function contents(commands: readonly CommandSpec[]): string {
  return [
    "- [Exit codes](#exit-codes)",
    "- [Options of every command](#options-of-every-command)",
    ...commands.map((spec) => `- [\`${nameOf(spec)}\`](#${anchorOf(spec)}): ${spec.summary}`),
  ].join("\n");
}

function commandParts(spec: CommandSpec): readonly string[] {
  return [
    `## \`${nameOf(spec)}\``,
    `${upperFirst(spec.summary)}.${spec.details === undefined ? "" : ` ${spec.details}`}`,
    ["```text", usageText(spec), "```"].join("\n"),
    ...(spec.args.length === 0
      ? []
      : [markdownTable(["argument", "rules", "meaning"], spec.args.map(argRow))]),
    ...(spec.options.length === 0
      ? []
      : [markdownTable(["option", "value", "rules", "meaning"], spec.options.map(optionRow))]),
  ];
}

function usageText(spec: CommandSpec): string {
  return ["smelt", ...spec.path, ...(spec.options.length > 0 ? ["[options]"] : []), ...spec.args.map(argText)]
    .join(" ");
}

const ARITY_RULES: Readonly<Record<ArgSpec["arity"], string>> = {
  required: "required",
  optional: "may be left out",
  any: "any number",
};

function argRow({ name, summary, arity, choices }: ArgSpec): readonly string[] {
  return [`\`${name}\``, [ARITY_RULES[arity], ...choicesRule(choices)].join(", "), summary];
}

function optionRow({ name, summary, value, ...rules }: OptionSpec): readonly string[] {
  const { minimum, maximumLength, repeatable, choices } = rules;
  const told = [
    ...(minimum === undefined ? [] : [`a whole number, at least ${minimum}`]),
    ...(maximumLength === undefined ? [] : [`one line, at most ${maximumLength} characters`]),
    ...(repeatable === true ? ["may be repeated"] : []),
    ...choicesRule(choices),
  ];
  return [`\`--${name}\``, value === undefined ? "" : `\`<${value}>\``, told.join(", "), summary];
}

function choicesRule(choices: readonly string[] | undefined): readonly string[] {
  return choices === undefined ? [] : [choices.map((each) => `\`${each}\``).join(" or ")];
}

function nameOf({ path }: CommandSpec): string {
  return `smelt ${path.join(" ")}`;
}

/** As GitHub names the heading of a command. */
function anchorOf(spec: CommandSpec): string {
  return nameOf(spec).replaceAll(" ", "-");
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
