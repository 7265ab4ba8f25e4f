/** Writes docs/commands.md, the reference of the command line, from the tables that the program itself is made of. */
import { COMMANDS } from "../cli/command_table.ts";
import { EXIT_CODE_MEANINGS, EXIT_CODES, type ExitKind } from "../cli/exit_code.ts";
import { say } from "../tools/say.ts";
import { commandPage } from "./command_page.ts";

/** Where the page lies, from the project's root. */
export const COMMAND_PAGE_PATH = "docs/commands.md";

if (import.meta.main) {
  Deno.writeTextFileSync(COMMAND_PAGE_PATH, commandReference());
  say(`${COMMAND_PAGE_PATH}: ${COMMANDS.length} commands`);
}

/** The page as the definitions say it now. */
export function commandReference(): string {
  const kinds = Object.keys(EXIT_CODES).filter((kind): kind is ExitKind => kind in EXIT_CODE_MEANINGS);
  const exitCodes = kinds.map((kind) => ({
    code: EXIT_CODES[kind],
    kind,
    meaning: EXIT_CODE_MEANINGS[kind],
  }));
  return commandPage(COMMANDS, exitCodes);
}
