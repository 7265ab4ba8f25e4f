import { deepStrictEqual, match, ok } from "node:assert/strict";
import { COMMANDS } from "../cli/command_table.ts";
import { EXIT_CODE_MEANINGS } from "../cli/exit_code.ts";
import { commandPage } from "./command_page.ts";
import { COMMAND_PAGE_PATH, commandReference } from "./command_reference.ts";

Deno.test("docs/commands.md is what the definitions say", () => {
  ok(Deno.readTextFileSync(COMMAND_PAGE_PATH) === commandReference(), "run deno task docs:commands");
});

Deno.test("docs/commands.md has a section and a link for every command, and every option and exit code", () => {
  const page = commandReference();
  for (const { path, options } of COMMANDS) {
    const name = path.join(" ");
    const section = page.split(`\n## \`smelt ${name}\`\n`)[1]?.split("\n## ")[0] ?? "";
    match(section, /^\n\S/, name);
    for (const option of options) ok(section.includes(`| \`--${option.name}\` |`), `${name} ${option.name}`);
    ok(page.includes(`](#smelt-${path.join("-")})`), name);
  }
  for (const meaning of Object.values(EXIT_CODE_MEANINGS)) ok(page.includes(` | ${meaning} |`), meaning);
});

Deno.test("commandPage() tells rules of arguments and options, and keeps tables whole", () => {
  const load = () => Promise.reject(new Error("never loaded"));
  const page = commandPage([{
    path: ["state", "ls"],
    summary: "list the addresses",
    details: "All of them.",
    args: [
      { name: "env", summary: "a|b", arity: "optional" },
      { name: "shell", summary: "which", arity: "required", choices: ["bash", "zsh"] },
      { name: "files", summary: "what to read", arity: "any" },
    ],
    options: [
      { name: "yes", summary: "do not ask", value: undefined },
      { name: "n", summary: "how many", value: "count", minimum: 1 },
      { name: "why", summary: "the reason", value: "text", maximumLength: 10, repeatable: true },
    ],
    load,
  }], [{ code: 5, kind: "runLive", meaning: "held" }]);
  const lines = page.split("\n");
  deepStrictEqual(
    [
      "- [`smelt state ls`](#smelt-state-ls): list the addresses",
      "| 5 | `runLive` | held |",
      "List the addresses. All of them.",
      "smelt state ls [options] [env] <shell> [files...]",
      "| `env` | may be left out | a\\|b |",
      "| `shell` | required, `bash` or `zsh` | which |",
      "| `files` | any number | what to read |",
      "| `--yes` |  |  | do not ask |",
      "| `--n` | `<count>` | a whole number, at least 1 | how many |",
      "| `--why` | `<text>` | one line, at most 10 characters, may be repeated | the reason |",
    ].filter((line) => !lines.includes(line)),
    [],
  );
});
