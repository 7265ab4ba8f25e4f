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

function bashScript(commands: readonly CommandSpec[]): string {
  const cases = [...wordTable(commands)].map(([path, words]) =>
    `    "${path}") words="${words.join(" ")}" ;;`
  );
  return [
    "_smelt() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" path="" words="" index',
    "  for ((index = 1; index < COMP_CWORD; index++)); do",
    '    [[ "${COMP_WORDS[index]}" == -* ]] || path="${path:+$path }${COMP_WORDS[index]}"',
    "  done",
    '  case "$path" in',
    ...cases,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))',
    "}",
    "complete -F _smelt smelt",
  ].join("\n");
}

/** What can follow each path of commands: further commands, or options. */
function wordTable(commands: readonly CommandSpec[]): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, string[]>();
  const add = (path: string, word: string) => {
    const words = table.get(path) ?? [];
    if (!words.includes(word)) words.push(word);
    table.set(path, words);
  };
  for (const command of commands) {
    command.path.forEach((word, index) => add(command.path.slice(0, index).join(" "), word));
    for (const option of [...command.options.map((each) => each.name), "help"]) {
      add(command.path.join(" "), `--${option}`);
    }
  }
  return table;
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
        option.value === undefined ? "" : " -r"
      } -d ${fishString(option.summary)}`
    );
    const group = before.map((word) => `complete -c smelt -n __fish_use_subcommand -a ${word}`);
    return [
      ...group,
      `complete -c smelt -n "${condition}" -a ${last} -d ${fishString(command.summary)}`,
      ...options,
    ];
  }).join("\n");
}

function fishString(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
