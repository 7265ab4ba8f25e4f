import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { yamlDocuments } from "./yaml_documents.ts";

function partsOf(text: string): readonly string[] {
  return yamlDocuments(text).map(({ end, start }) => text.slice(start, end));
}

Deno.test("yamlDocuments() cuts before --- and behind ..., and leaves comments and directives with what follows", () => {
  deepStrictEqual(partsOf("a\n---\nb\n--- c\n"), ["a\n", "---\nb\n", "--- c\n"]);
  deepStrictEqual(partsOf("\uFEFF# x\n\n%YAML 1.2\n---\na\n...\n# y\n---\nb"), [
    "\uFEFF# x\n\n%YAML 1.2\n---\na\n...\n",
    "# y\n---\nb",
  ]);
  deepStrictEqual(partsOf("a: |\n  ---\n  ...\nb: '---'\n---x: 1\n ---\n"), [
    "a: |\n  ---\n  ...\nb: '---'\n---x: 1\n ---\n",
  ]);
  deepStrictEqual(partsOf("---\r\na\r\n---\t# c\r\nb\r\n"), ["---\r\na\r\n", "---\t# c\r\nb\r\n"]);
  deepStrictEqual(partsOf("---\n---\n---"), ["---\n", "---\n", "---"]);
  deepStrictEqual(partsOf(""), [""]);
});

Deno.test("yamlDocuments() gives all of a text, whatever it is", () => {
  const part = fc.constantFrom("---", "...", "\n", "\r\n", " ", "# c", "%T", "a", "\uFEFF", "\t");
  fc.assert(fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
    strictEqual(partsOf(parts.join("")).join(""), parts.join(""));
  }));
});
