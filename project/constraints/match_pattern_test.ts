import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Fault } from "./datum.ts";
import { matchPattern } from "./match_pattern.ts";
import { parsePattern } from "./pattern.ts";
import { WorkBudget } from "./work_budget.ts";

function matched(pattern: string, text: string): boolean | string {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) return parsed.error;
  const found = matchPattern(parsed.value, text, new WorkBudget());
  return found instanceof Fault ? found.detail : found;
}

const atoms = fc.constantFrom(
  ..."ab1-",
  ".",
  "[ab]",
  "[^a]",
  "[a-z0-9]",
  "[\\d-]",
  "\\d",
  "\\W",
  "\\.",
  "^",
  "$",
  "é",
  "😀",
);
const counts = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?");
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(atoms, counts).map(([atom, count]) => atom === "^" || atom === "$" ? atom : atom + count),
    fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => left + right),
    fc.tuple(tie("pattern"), tie("pattern"), counts).map(([left, right, count]) =>
      `(${left}|${right})${count}`
    ),
    fc.tuple(tie("pattern"), counts).map(([inner, count]) => `(?:${inner})${count}`),
  ),
}));

Deno.test("matchPattern() finds what the runtime finds", () => {
  const texts = fc.array(fc.constantFrom(..."ab1-]", ".", "é", "😀", "\n", " "), { maxLength: 6 });
  fc.assert(
    fc.property(pattern, texts, (source, characters) => {
      const text = characters.join("");
      strictEqual(matched(source, text), new RegExp(source, "u").test(text));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("matchPattern() takes an escaped sign for itself", () => {
  ok(matched("^a\\-\\@\\/$", "a-@/"));
});

Deno.test("matchPattern() stays within its work on patterns that are bad for a search that goes back", () => {
  const startedMs = performance.now();
  ok(!matched("^(a+)+$", `${"a".repeat(5_000)}b`));
  ok(!matched("^(a|aa|a?)*$", `${"a".repeat(2_000)}b`));
  ok(matched("(((){9999}){9999}){9999}", ""));
  ok(!matched("(.*)(.*)(.*)(.*)x", "a".repeat(2_000)));
  strictEqual(matched("((a{1,9}){1,9}){1,9}b", "a".repeat(20_000)), "it takes more than 100000 steps");
  ok(performance.now() - startedMs < 3_000);
});

const WRONG: readonly (readonly [pattern: string, expected: string])[] = [
  ["(a", '"(" is not closed'],
  ["a)", '")" closes nothing'],
  ["[a", '"[a" is not known, or not closed'],
  ["[]", '"[]" is not known, or not closed'],
  ["[b-a]", '"[b-a]" is no class'],
  ["a\\", '"\\\\" is not known, or not closed'],
  ["(a)\\1", '"\\\\1" is not known, or not closed'],
  ["(?=a)", '"(?" is only known as "(?:"'],
  ["(?i)a", '"(?" is only known as "(?:"'],
  ["a**", "a repetition follows another"],
  ["*a", '"*" repeats nothing; write \\* for the character'],
  ["a{3,2}", '"{3,2}" ends before it begins'],
  ["a{9999}", "its pattern has more than 2000 states"],
  ["(a{99}){99}", "its pattern has more than 2000 states"],
  [`${"(".repeat(40)}a${")".repeat(40)}`, "it has too many levels"],
];

for (const [pattern, expected] of WRONG) {
  Deno.test(`matchPattern() refuses ${pattern.slice(0, 20)}`, () =>
    strictEqual(matched(pattern, "aaa"), expected));
}

Deno.test("matchPattern() counts the loops of a pattern among its states, what they repeat being empty or not", () => {
  for (const pattern of ["((()*){999}){999}x", "((^+){999}){999}x"]) {
    strictEqual(matched(pattern, "x"), "its pattern has more than 2000 states");
  }
});
