import { strictEqual } from "node:assert/strict";
import { diagnostic, renderDiagnostic } from "./diagnostic.ts";
import { sourceText } from "./source_text.ts";

const source = sourceText("net.smelt", "first\n\tsize = 1e3\r\nlast");

Deno.test("renderDiagnostic() shows place, line, caret and hint", () => {
  const found = diagnostic(source, { start: 14, end: 17 }, {
    code: "E-NUMBER",
    message: 'Cannot read the number "1e3"',
    hint: "write 1000",
  });
  strictEqual(
    renderDiagnostic(source, found),
    [
      'error[E-NUMBER]: Cannot read the number "1e3"',
      " --> net.smelt:2:9",
      "  |",
      "2 | \tsize = 1e3",
      "  | \t       ^^^",
      "  = hint: write 1000",
    ].join("\n"),
  );
});

Deno.test("renderDiagnostic() puts one caret behind the text at the end of a file, and cuts spans of several lines", () => {
  const end = diagnostic(source, { start: 23, end: 23 }, { code: "E-SYNTAX", message: "m" });
  strictEqual(renderDiagnostic(source, end).split("\n").slice(3).join("\n"), "3 | last\n  |     ^");
  const long = diagnostic(source, { start: 2, end: 20 }, { code: "W-NAME", message: "m" });
  strictEqual(
    renderDiagnostic(source, long),
    "warning[W-NAME]: m\n --> net.smelt:1:3\n  |\n1 | first\n  |   ^^^",
  );
});
