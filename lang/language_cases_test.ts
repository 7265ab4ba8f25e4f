import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { CANONICAL_CASES } from "./canonical_cases.ts";
import { DECLARATION_CASES } from "./declaration_cases.ts";
import { hasErrors } from "./diagnostic.ts";
import { DIFF_CASES } from "./diff_cases.ts";
import { diffLines } from "./diff_fixture_test.ts";
import { expandLines, explainLines, parseLines } from "./example_lines.ts";
import { outcome } from "./expand_example.ts";
import { EXPANSION_CASES } from "./expansion_cases.ts";
import { EXPLAIN_CASES } from "./explain_cases.ts";
import { formatSource } from "./format_source.ts";
import { GRAPH_CASES } from "./graph_cases.ts";
import type { Example, FormatExample, ParseExample } from "./language_case.ts";
import { LAYER_CASES } from "./layer_cases.ts";
import { LEXIS_CASES } from "./lexis_cases.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";

const CASES = [
  ...LEXIS_CASES,
  ...DECLARATION_CASES,
  ...EXPANSION_CASES,
  ...GRAPH_CASES,
  ...CANONICAL_CASES,
  ...LAYER_CASES,
  ...DIFF_CASES,
  ...EXPLAIN_CASES,
];

for (const each of CASES) {
  Deno.test(`case ${each.id}: ${each.title}`, () => {
    for (const example of [each, ...each.alike ?? []]) checkExample(example);
  });
}

Deno.test("the table of cases holds 96, each once and in order", () => {
  const ids = CASES.map((each) => each.id);
  strictEqual(new Set(ids).size, 96);
  deepStrictEqual(ids, ids.toSorted());
});

function checkExample(example: Example): void {
  switch (example.mode) {
    case "fmt":
      return checkFormat(example);
    case "parse":
      return checkParse(example);
    case "plandiff":
      return deepStrictEqual(diffLines(example), example.want);
    case "explain":
      return deepStrictEqual(explainLines(example), example.want);
    default:
      return deepStrictEqual(expandLines(example), example.want);
  }
}

function checkFormat({ source, want, resources }: FormatExample): void {
  deepStrictEqual(formatted(source), want);
  deepStrictEqual(formatted(want), want, "the canonical text is a fixed point");
  if (resources !== undefined) deepStrictEqual(outcome([source]), resources);
}

/** The formatter refuses exactly what the parser finds errors in. */
function checkParse({ source, want }: ParseExample): void {
  deepStrictEqual(parseLines(source), want);
  const text = sourceText("1.smelt", source);
  strictEqual(formatSource(text).ok, !hasErrors(parse(text).diagnostics));
}

function formatted(source: string): string | undefined {
  const text = formatSource(sourceText("1.smelt", source));
  return text.ok ? text.value : undefined;
}
