import type { CommandSpec } from "./command_spec.ts";

/** Shells that completions are made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = typeof SHELLS[number];

/** A script that, sourced by the shell, completes commands and options of `smelt`, and files. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[]): string {
  switch (shell) {
    case "bash":
      return bashScript(commands);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case "fish":
      return fishScript(commands);
  }
}

/** Files are left to the shell, which knows how to quote them. */
function bashScript(commands: readonly CommandSpec[]): string {
  const table = wordTable(commands);
  const paths = [...table.keys()].filter((path) => path !== "").map((path) => `"${path}"`);
  const cases = [...table].map(([path, words]) => `    "${path}") words="${words.join(" ")}" ;;`);
  return [
    "_smelt() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" path="" words="" index longer',
    "  for ((index = 1; index < COMP_CWORD; index++)); do",
    '    longer="${path:+$path }${COMP_WORDS[index]}"',
    '    case "$longer" in',
    `      ${paths.join("|")}) path="$longer" ;;`,
    "    esac",
    "  done",
    '  case "$path" in',
    ...cases,
    "  esac",
    '  case "$path ${COMP_WORDS[COMP_CWORD-1]}" in',
    ...valueCases(commands),
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _smelt smelt",
  ].join("\n");
}

/** Behind an option that takes one of a few words, these and nothing else. */
function valueCases(commands: readonly CommandSpec[]): readonly string[] {
  return commands.flatMap(({ path, options }) =>
    options.flatMap(({ name, choices }) =>
      choices === undefined ? [] : [`    "${path.join(" ")} --${name}") words="${choices.join(" ")}" ;;`]
    )
  );
}

/** What can follow each path of commands: further commands, options, or the words that an argument may be. */
function wordTable(commands: readonly CommandSpec[]): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, Set<string>>();
  const add = (path: readonly string[], ...words: readonly string[]) => {
    const key = path.join(" ");
    table.set(key, new Set([...(table.get(key) ?? []), ...words]));
  };
  for (const { path, args, options } of commands) {
    path.forEach((word, index) => add(path.slice(0, index), word));
    add(
      path,
      ...args.flatMap((each) => each.choices ?? []),
      ...options.map((each) => `--${each.name}`),
      "--help",
    );
  }
  add([], "help", "--version", "--help");
  return new Map([...table].map(([path, words]) => [path, [...words]]));
}

function fishScript(commands: readonly CommandSpec[]): string {
  return commands.flatMap((command) => {
    const last = command.path.at(-1) ?? "";
    const before = command.path.slice(0, -1);
    const condition = before.length === 0
      ? "__fish_use_subcommand"
      : `__fish_seen_subcommand_from ${before.join(" ")}`;
    const options = command.options.map((option) =>
      `complete -c smelt -n "__fish_seen_subcommand_from ${last}" -l ${option.name}${
        option.value === undefined || option.valueIsOptional === true ? "" : " -r"
      }${option.choices === undefined ? "" : ` -a ${fishString(option.choices.join(" "))}`} -d ${
        fishString(option.summary)
      }`
    );
    const group = before.map((word) => `complete -c smelt -n __fish_use_subcommand -a ${word}`);
    const words = command.args.flatMap((each) => each.choices ?? []).map((word) =>
      `complete -c smelt -n "__fish_seen_subcommand_from ${last}" -a ${word}`
    );
    return [
      ...group,
      `complete -c smelt -n "${condition}" -a ${last} -d ${fishString(command.summary)}`,
      ...options,
      ...words,
    ];
  }).join("\n");
}

function fishString(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
