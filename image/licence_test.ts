import { deepStrictEqual, ok } from "node:assert/strict";
import { isSpdxExpression, parseLicence } from "./licence.ts";

Deno.test("parseLicence() reads what crates write, also the old way with a slash", () => {
  const text = (written: string) => {
    const licence = parseLicence(written);
    return licence.kind === "expression" || licence.kind === "named"
      ? `${licence.kind}: ${licence.text}`
      : licence.kind;
  };
  deepStrictEqual(["MIT", "MIT/Apache-2.0", "MIT / Apache-2.0", "Unlicense OR MIT", " "].map(text), [
    "expression: MIT",
    "expression: MIT OR Apache-2.0",
    "expression: MIT OR Apache-2.0",
    "expression: Unlicense OR MIT",
    "missing",
  ]);
  deepStrictEqual(["non-standard", "mit", "Apache 2.0", "MIT OR", "see LICENSE"].map(text), [
    "named: non-standard",
    "named: mit",
    "named: Apache 2.0",
    "named: MIT OR",
    "named: see LICENSE",
  ]);
});

Deno.test("isSpdxExpression() knows operators, brackets, exceptions, later versions and own licences", () => {
  for (
    const text of [
      "(MIT OR Apache-2.0) AND Unicode-3.0",
      "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
      "GPL-2.0+",
      "LicenseRef-Own AND ((MIT))",
      "DocumentRef-x:LicenseRef-y",
    ]
  ) ok(isSpdxExpression(text), text);
  for (
    const text of [
      "",
      "()",
      "(MIT",
      "MIT)",
      "MIT Apache-2.0",
      "OR MIT",
      "MIT WITH MIT",
      "MIT WITH",
      "MIT and Zlib",
      "LicenseRef-",
      `MIT${" OR MIT".repeat(1000)}`,
    ]
  ) ok(!isSpdxExpression(text), text);
});
