/**
 * Pages with transcripts of the real program. Each section of the second level is a shell session of its own, in an empty
 * project folder; in the order of the section
 *
 *   a `smelt` or `toml` block     is written as `main.smelt`, or as the file named behind the language
 *   a `console` block             holds commands behind `$`, each with what it prints
 *   `<!-- run: COMMAND -->`       is run, and what it prints is shown to nobody
 *
 * Blocks of other languages are for people.
 */
import { openShell, type ShellSession } from "./shell_session.ts";
import { Turns } from "./turns.ts";

/** The pages that are kept so. */
export const RETOLD_PAGES: readonly string[] = ["docs/operations.md", "tests/golden/whole_run.md"];

/** How many sections are run at once. */
const WIDTH = 3;

const PART_REGEXP = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$|^<!-- run: (.*) -->$/gm;

/** What a step that has ended prints ends so. */
const STEP_LINES_REGEXP = /(?:^.* {2}<elapsed>\n)+/gm;

/** The page with what its commands print now. */
export async function retoldPage(page: string): Promise<string> {
  const turns = new Turns(WIDTH);
  const sections = page.split(/^(?=## )/m);
  const retold = await Promise.all(sections.map((section) => turns.take(() => retoldSection(section))));
  return retold.join("");
}

async function retoldSection(section: string): Promise<string> {
  await using shell = await openShell();
  let told = "";
  let end = 0;
  for (const part of section.matchAll(PART_REGEXP)) {
    const [whole, language, name, text = "", hidden] = part;
    told += section.slice(end, part.index);
    end = part.index + whole.length;
    if (hidden !== undefined) await shell.run(hidden);
    else if (language === "smelt" || language === "toml") await shell.write(name ?? "main.smelt", text);
    told += language === "console" ? await retoldBlock(shell, text) : whole;
  }
  return told + section.slice(end);
}

async function retoldBlock(shell: ShellSession, text: string): Promise<string> {
  const before = text.split("\n");
  let told = "";
  for (const line of before.filter((each) => each.startsWith("$ "))) {
    told += `${line}\n${inOrderOf(before, await shell.run(line.slice(2)))}`;
  }
  return `\`\`\`console\n${told}\`\`\``;
}

/**
 * What was printed, in which neighbouring lines of steps stand as they did `before`: steps that rely on nothing of each other
 * end in any order.
 */
export function inOrderOf(before: readonly string[], printed: string): string {
  return printed.replaceAll(STEP_LINES_REGEXP, (steps) => {
    const lines = steps.split("\n").slice(0, -1);
    const places = new Map(lines.map((line) => [line, before.indexOf(line)]));
    const place = (line: string): number => places.get(line) ?? -1;
    return lines.toSorted((a, b) => place(a) - place(b)).map((line) => `${line}\n`).join("");
  });
}
