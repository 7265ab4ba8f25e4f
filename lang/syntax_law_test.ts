import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { choices } from "./choices_arbitrary.ts";
import { hasErrors, renderDiagnostic } from "./diagnostic.ts";
import { formatSource } from "./format_source.ts";
import { mutated } from "./mutation_arbitrary.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";
import { declarations, syntaxFile } from "./syntax_arbitrary.ts";
import { checkText } from "./syntax_law.ts";
import { anyText } from "./text_arbitrary.ts";
import { treeShape } from "./tree_shape.ts";

const file = choices.map((each) => syntaxFile(each));

/** The one mistake that a file of the grammar may hold, since any text may. */
function isMalformedEnv(message: string): boolean {
  return message.includes('expected env("NAME")');
}

Deno.test("a file of the grammar has no error, and all laws hold for it", () => {
  fc.assert(fc.property(file, (text) => {
    const { tree, diagnostics } = checkText(text);
    const errors = diagnostics.filter((each) => each.severity === "error" && !isMalformedEnv(each.message));
    strictEqual(errors.map((each) => renderDiagnostic(tree.source, each)).join("\n"), "");
  }));
});

Deno.test("formatSource() gives a text exactly of a file without errors, and the laws hold for that text", () => {
  fc.assert(fc.property(file, (text) => {
    const { tree, diagnostics } = parse(sourceText("law.smelt", text));
    const formatted = formatSource(tree.source);
    strictEqual(formatted.ok, !hasErrors(diagnostics));
    if (formatted.ok) deepStrictEqual(treeShape(checkText(formatted.value).tree), treeShape(tree));
  }));
});

Deno.test("all laws hold for every beginning and every end of a file", () => {
  fc.assert(fc.property(choices.map((each) => syntaxFile(each, 1)), (text) => {
    const step = Math.max(1, Math.floor(text.length / 20));
    for (let at = 0; at <= text.length; at += step) {
      checkText(text.slice(0, at));
      checkText(text.slice(at));
    }
  }));
});

Deno.test("all laws hold for every file with one character more, less or other, or a slice less", () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const inserted = fc.oneof(
    fc.constantFrom(...'{}[]()"=,.@#-$x1\n\\:*\0\r\u0085\u2028\ufeff\ud800', "", '"""', "${"),
    fc.string({ unit: "binary", maxLength: 1 }),
  );
  fc.assert(fc.property(file, place, place, inserted, (text, first, second, character) => {
    const [from, to] = [first, second].map((each) => Math.floor(each * text.length)).toSorted((a, b) =>
      a - b
    );
    checkText(text.slice(0, from) + character + text.slice(from));
    checkText(text.slice(0, from) + character + text.slice((from ?? 0) + 1));
    checkText(text.slice(0, from) + text.slice(to));
  }));
});

Deno.test("all laws hold for two files spliced by tokens and edited", () => {
  fc.assert(fc.property(choices, (each) => {
    checkText(mutated(each, declarations(each, 3), declarations(each, 2)));
  }));
});

Deno.test("all laws hold for any text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), choices.map((each) => anyText(each, 40))), (text) => {
      checkText(text);
      strictEqual(formatSource(sourceText("law.smelt", text)).ok, !hasErrors(checkText(text).diagnostics));
    }),
  );
});

Deno.test("the generator reaches every kind of declaration and value, and comments in every file of some length", () => {
  const seen = new Set<string>();
  const random = fc.sample(file, { numRuns: 300, seed: 1 });
  for (const text of random) {
    const { tree } = parse(sourceText("law.smelt", text));
    tree.declarations.forEach((each) => seen.add(each.kind));
    if (tree.comments.count > 0) seen.add("comment");
    for (const kind of ["array", "record", "each", "param", "secret", "env"]) {
      if (
        JSON.stringify(treeShape(tree), (_, part) => typeof part === "bigint" ? 0 : part).includes(`"${kind}`)
      ) {
        seen.add(kind);
      }
    }
  }
  const wanted = ["resource", "layer", "component", "use", "include", "moved", "removed", "import", "output"];
  for (const each of [...wanted, "comment", "record", "each", "param", "secret", "env"]) {
    ok(seen.has(each), each);
  }
});
