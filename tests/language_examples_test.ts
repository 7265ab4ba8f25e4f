/** The checks of language_reference_test.ts, shown to fire: each page here has one planted mistake. */
import { deepStrictEqual } from "node:assert/strict";
import { checkCodeTable } from "./harness/check_code_table.ts";
import { checkExamplePage } from "./harness/check_example_page.ts";
import { checkGrammar } from "./harness/check_grammar.ts";

/** A page of blocks, each the words behind its fence and its lines. A block of no lines is a heading. */
function page(...blocks: readonly (readonly string[])[]): string {
  return blocks.map(([head = "", ...lines]) =>
    lines.length === 0 ? `## ${head}\n` : ["```" + head, ...lines, "```", ""].join("\n")
  ).join("\n");
}

const NETWORK = ['resource net "a" : sim.Network {', '  cidr = "10.0.0.0/16"', "}"];
const TOML = ["[project]", 'name = "x"', "[environments.default]", 'layers = ["small"]'];

/** Pages without a mistake. */
const SOUND: readonly (readonly [title: string, page: string])[] = [
  ["a whole file", page(["smelt", ...NETWORK])],
  ["items of a resource", page(["smelt fragment", '@intent "Why"', "", "input {", "  a = 1", "}"])],
  ["fields", page(["smelt values", "a = 1", 'b = """', "  x", "    y", '  """'])],
  [
    "a file beside the project before it",
    page(["smelt", ...NETWORK], ["smelt fragment beside", "needs net.a -> id"], [
      "smelt fragment beside",
      "needs net.a.arn -> arn",
    ]),
  ],
  [
    "files that follow each other",
    page(["smelt file=net/a.smelt", ...NETWORK], ["smelt file=main.smelt", 'include "net/a.smelt"']),
  ],
  ["an error", page(["smelt values error E-EACH-OUTSIDE 2:5", "a = 1", "b = each.key # E-EACH-OUTSIDE"])],
  [
    "an error in another file",
    page(["toml", ...TOML], ["smelt error E-UNKNOWN-LAYER smelt.toml:4:11", "# E-UNKNOWN-LAYER", ...NETWORK]),
  ],
  ["a warning", page(["smelt values warning W-DUP-FIELD 2:1", "a = 1", "a = 2 # W-DUP-FIELD"])],
  ["an unformatted file", page(["smelt values unformatted", "a=1"], ["smelt values", "a = 1"])],
  ["a project with a smelt.toml", page(["toml", ...TOML], ["smelt", 'layer "small" over "base" {', "}"])],
  [
    "an example in another section than a smelt.toml",
    page(["toml", ...TOML], ["Next"], ["smelt", ...NETWORK]),
  ],
  ["errors in smelt.toml", page(["toml error E-CONFIG-KEY 1:1 E-CONFIG-KEY 2:1", "[project]", "nam = 1"])],
  ["a transcript", page(["smelt", ...NETWORK], ["console", "$ smelt validate", "valid: 1 file, 1 resource"])],
  ["a transcript that is not run", page(["console unrun: it makes keys", "$ smelt init"])],
  ["other languages", page(["ebnf", "a = b ;"], ["hcl", "a {}"])],
];

for (const [title, text] of SOUND) {
  Deno.test(`checkExamplePage() takes ${title}`, async () => {
    deepStrictEqual(await checkExamplePage(text), []);
  });
}

const PLANTED: readonly (readonly [title: string, page: string, faults: readonly string[]])[] = [
  ["an unknown marker", page(["smelt fragmnt", "a = 1"]), ['line 1: unknown marker "fragmnt"']],
  ["an unknown language", page(["yaml", "a: 1"]), ['line 1: unknown language "yaml" of a block']],
  ["a block without a language", page(["", "a"]), ['line 1: unknown language "" of a block']],
  ["a block without an end", "```smelt\n", ['line 1: unknown language "unclosed" of a block']],
  ["a marker of a block for people", page(["hcl error", "a"]), ['line 1: unknown marker "error"']],
  ["a marker of a toml block", page(["toml warning", "a"]), ['line 1: unknown marker "warning"']],
  ["a marker of a transcript", page(["console skip", "$ x"]), ['line 1: unknown marker "skip"']],
  [
    "an expectation without a place",
    page(["smelt error E-SYNTAX", "a"]),
    ['line 1: expected CODE LINE:COLUMN behind "error", found "E-SYNTAX"'],
  ],
  [
    "a warning that is said to be an error",
    page(["smelt error W-NAME 1:1", "a"]),
    ['line 1: expected a code that begins with "E-" behind "error"'],
  ],
  [
    "an error that nobody expects",
    page(["smelt values", "a = each.key"]),
    [
      'line 1: not expected: E-EACH-OUTSIDE 1:5 Unresolved "each.key": the resource has no "for_each" and no "count"',
    ],
  ],
  [
    "a warning that nobody expects",
    page(["smelt values", "a = 1", "a = 2"]),
    ['line 1: not expected: W-DUP-FIELD 2:1 The field "a" is set twice here; the last one counts'],
  ],
  [
    "an error at another place",
    page(["smelt values error E-EACH-OUTSIDE 1:4", "a = each.key # E-EACH-OUTSIDE"]),
    [
      'line 1: not expected: E-EACH-OUTSIDE 1:5 Unresolved "each.key": the resource has no "for_each" and no "count"',
      "line 1: expected and not found: E-EACH-OUTSIDE 1:4",
    ],
  ],
  [
    "an error that is not there",
    page(["smelt values error E-NUMBER 1:5", "a = 1 # E-NUMBER"]),
    ["line 1: expected and not found: E-NUMBER 1:5"],
  ],
  [
    "an error in smelt.toml that shows only with the files",
    page(["toml", ...TOML], ["smelt", ...NETWORK]),
    [
      'line 8: not expected: E-UNKNOWN-LAYER smelt.toml:4:11 Unknown layer "small" in the environment "default"',
    ],
  ],
  [
    "an error that no reader would see",
    page(["smelt values error E-EACH-OUTSIDE 1:5", "a = each.key"]),
    ["line 1: name E-EACH-OUTSIDE in a comment, so that a reader sees it"],
  ],
  [
    "an example that is not canonical",
    page(["smelt values", "b = 1", "a = 2"]),
    ["line 1: not in canonical form, which is\na = 2\nb = 1\n"],
  ],
  [
    "an unformatted example that is canonical",
    page(["smelt values unformatted", "a = 1"]),
    ["line 1: it is in canonical form, and marked unformatted"],
  ],
  [
    "an unformatted example before another one",
    page(["smelt values unformatted", "a=1"], ["smelt values", "a = 2"]),
    ["line 1: the next example is not its canonical form, which is\na = 1\n"],
  ],
  ["a smelt.toml with an error", page(["toml", "[project]"]), [
    "line 1: expected no error, found E-CONFIG-KEY 1:1",
  ]],
  [
    "a smelt.toml without its error",
    page(["toml error E-CONFIG-KEY 1:1", "[project]", 'name = "x"']),
    ["line 1: expected E-CONFIG-KEY 1:1, found none"],
  ],
  [
    "a transcript of another output",
    page(["smelt", ...NETWORK], ["console", "$ smelt validate", "valid"]),
    ['line 7: "smelt validate" prints\nvalid: 1 file, 1 resource\n'],
  ],
  [
    "a transcript without a command",
    page(["smelt", ...NETWORK], ["console", "valid"]),
    ['line 7: expected "$ smelt …", found no command'],
  ],
  [
    "a transcript that cannot be run",
    page(["smelt", ...NETWORK], ["console", "$ smelt apply"]),
    ['line 7: "smelt apply" is not run: say why as "unrun: WHY"'],
  ],
  [
    "a transcript without a project",
    page(["smelt", ...NETWORK], ["Next"], ["console", "$ smelt validate"]),
    ["line 9: no example stands before the transcript"],
  ],
];

for (const [title, text, faults] of PLANTED) {
  Deno.test(`checkExamplePage() finds ${title}`, async () => {
    deepStrictEqual(await checkExamplePage(text), faults);
  });
}

Deno.test("checkCodeTable() finds codes that are missing, unknown or there twice", () => {
  const table = "| code | what |\n| --- | --- |\n| `E-A` | a |\n| `W-B` | b |\n";
  deepStrictEqual(checkCodeTable(table, ["E-A", "W-B"]), []);
  deepStrictEqual(checkCodeTable(table, ["E-A", "W-B", "W-C"]), ["missing: W-C"]);
  deepStrictEqual(checkCodeTable(table, ["E-A"]), ["no such code: W-B"]);
  deepStrictEqual(checkCodeTable(`${table}| \`E-A\` | a |\n`, ["E-A", "W-B"]), ["twice: E-A"]);
});

Deno.test("checkGrammar() finds names without a rule, rules that nothing uses, and words that are missing", () => {
  const grammar = 'file = { item } ;\nitem = "a" | "b" ; (* an item *)\n';
  deepStrictEqual(checkGrammar(grammar, ["a", "b"]), []);
  deepStrictEqual(checkGrammar(`${grammar}more = rest ;\n`, ["c"]), [
    "no rule: rest",
    "unused: more",
    'missing: "c"',
  ]);
});
