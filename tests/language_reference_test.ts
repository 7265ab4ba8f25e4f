/** Keeps docs/language.md true: its examples are what they are said to be, its tables are those of the code. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { ERROR_CODES, WARNING_CODES } from "../lang/diagnostic.ts";
import { ANNOTATION_NAMES } from "../lang/parse_annotation.ts";
import { PARAM_TYPES } from "../lang/parse_component.ts";
import { DECLARATION_WORDS } from "../lang/parse_recovery.ts";
import { checkCodeTable } from "./harness/check_code_table.ts";
import { checkExamplePage } from "./harness/check_example_page.ts";
import { checkGrammar } from "./harness/check_grammar.ts";
import { examplePage } from "./harness/example_page.ts";
import { markdownBlocks } from "./harness/markdown_blocks.ts";

const PAGE = Deno.readTextFileSync("docs/language.md");

Deno.test("every example of docs/language.md is what it is said to be", async () => {
  deepStrictEqual(await checkExamplePage(PAGE), []);
  const { examples, tomls, transcripts } = examplePage(PAGE);
  ok(examples.length >= 60 && tomls.length >= 3 && transcripts.length >= 3, "the page has its examples");
});

Deno.test("docs/language.md tells of every code of a diagnostic, and of no other", () => {
  deepStrictEqual(checkCodeTable(PAGE, [...ERROR_CODES, ...WARNING_CODES]), []);
});

Deno.test("the grammar of docs/language.md is whole", () => {
  const grammar = markdownBlocks(PAGE).filter((block) => block.language === "ebnf");
  const words = [...DECLARATION_WORDS, ...ANNOTATION_NAMES, ...PARAM_TYPES];
  deepStrictEqual(grammar.flatMap((block) => checkGrammar(block.text, words)), []);
  deepStrictEqual(grammar.length, 1);
});

Deno.test("links inside docs/language.md lead to its headings", () => {
  const anchors = [...PAGE.matchAll(/^##+ (.*)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
  const links = [...PAGE.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = ""]) => anchor);
  deepStrictEqual(links.filter((link) => !anchors.includes(link)), []);
});
