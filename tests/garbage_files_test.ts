import { ok } from "node:assert/strict";
import { hasErrors } from "../lang/diagnostic.ts";
import { parse } from "../lang/parse.ts";
import { ShownLines } from "../lang/shown_line.ts";
import { sourceText } from "../lang/source_text.ts";
import { soonRefused } from "./harness/soon_refused.ts";
import { emptyProject } from "./harness/test_project.ts";

const HEAD = 'resource a "b" : x.Y {\n';

/** What is repeated until the file is full, and what stands before it. */
const GARBAGE: readonly (readonly [what: string, repeated: string, before?: string])[] = [
  ["opening braces", "{"],
  ["opening brackets", "["],
  ["closing brackets", "]})"],
  ["brackets of all sorts in a value", "([{", `${HEAD}a = `],
  ["lists in records without an end", "[{a=", `${HEAD}a = `],
  ["sections without an end", "s {\n", HEAD],
  ["heads of resources", HEAD],
  ["heads of resources in a resource", '  resource a "b" : x.Y {\n', HEAD],
  ["words of a declaration", "resource "],
  ["quotes", '"'],
  ["an odd number of quotes", '"', '"'],
  ["strings without an end", '"x\n'],
  ["fields of strings without an end", 'a = "x\n', HEAD],
  ["strings with a wrong escape", 'a = "\\q"\n', HEAD],
  ["backslashes", "\\"],
  ["at signs", "@"],
  ["at signs in a list", "@", `${HEAD}a = [`],
  ["unknown annotations", '@x "y"\n', HEAD],
  ["one endless word", "x"],
  ["one endless line of words", "x "],
  ["one endless line of values without quotes", "a = b ", HEAD],
  ["one endless line of single quotes", "'x' ", `${HEAD}a = `],
  ["one endless line of commas", ",", `${HEAD}a = [`],
  ["numbers without commas", "1 ", `${HEAD}a = [`],
  ["fields without values", "a = b\n", HEAD],
  ["duplicate fields and no end", "a = 1\n", HEAD],
  ["duplicate sections and no end", "s {}\n", HEAD],
  ["characters that begin nothing", "§ "],
  ["a run of characters that begin nothing", "§"],
  ["halves of pairs", "\ud800"],
  ["malformed env()", "${env()}", `${HEAD}a = "`],
  ["comments and no end", "a = 1 # x\n", HEAD],
];

const IN_PROCESS_SIZE = 1_000_000;

for (const [what, repeated, before = ""] of GARBAGE) {
  Deno.test(`26: a file full of ${what} is refused in time`, () => {
    const text = before + repeated.repeat(IN_PROCESS_SIZE / repeated.length);
    const startMs = performance.now();
    const source = sourceText("garbage.smelt", text);
    const { diagnostics } = parse(source);
    const shown = new ShownLines(source);
    for (const each of diagnostics.slice(0, 2)) shown.line(each.line, each.span);
    const elapsedMs = performance.now() - startMs;
    ok(hasErrors(diagnostics));
    ok(diagnostics.length <= 2_020, String(diagnostics.length));
    ok(diagnostics.every((each) => each.message.length < 300));
    ok(elapsedMs < 2_000, `took ${elapsedMs.toFixed(0)} ms`);
  });
}

/** The sorts with most tokens, most errors and longest lines. */
const WHOLE_PROGRAM = [
  "opening braces",
  "fields of strings without an end",
  "one endless line of values without quotes",
];
const WHOLE_PROGRAM_SIZE = 4_000_000;

for (const [what, repeated, before = ""] of GARBAGE.filter(([name]) => WHOLE_PROGRAM.includes(name))) {
  Deno.test(`26: the program refuses 4 MB of ${what} in time and within its memory`, async () => {
    await using project = await emptyProject();
    await project.write("main.smelt", before + repeated.repeat(WHOLE_PROGRAM_SIZE / repeated.length));
    await soonRefused(project, /error: The configuration has /);
  });
}
