import { ok, strictEqual } from "node:assert/strict";
import { expandExample } from "./expand_example.ts";

/** `count` lines, made of their numbers. */
function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

const COUNT = 3_000;

/** Each file names as many things wrongly as it has right ones: to compare all with all would take minutes. */
const MANY_WRONG: readonly (readonly [what: string, source: string])[] = [
  ["needs", lines(COUNT, (index) => `resource a "number${index}" : x.Y { needs a.numbr${index} }`)],
  ["uses", lines(COUNT, (index) => `component "part${index}" {}\nuse "prt${index}" as "u${index}" {}`)],
  [
    "arguments",
    `component "c" { ${lines(COUNT, (index) => `param part${index} : Any = 1`)} }\nuse "c" as "u" { ${
      lines(COUNT, (index) => `prt${index} = 1`)
    } }`,
  ],
  [
    "parameters",
    `component "c" { ${lines(COUNT, (index) => `param part${index} : Any = 1`)}\nresource a "b" : x.Y { ${
      lines(COUNT, (index) => `f${index} = param.prt${index}`)
    } } }`,
  ],
];

for (const [what, source] of MANY_WRONG) {
  Deno.test(`of many wrong ${what} a thousand are told, and near names are sought for the first only`, () => {
    const { diagnostics } = expandExample([source]);
    strictEqual(diagnostics.length, 1_000);
    const near = diagnostics.filter(({ message }) => message.includes("did you mean"));
    ok(near.length > 0 && near.length <= 50, String(near.length));
  });
}

Deno.test("a thousand warnings do not hide an error behind them", () => {
  const body = lines(1_500, (index) => `@lifecycle "later${index}"`);
  const { diagnostics } = expandExample([`resource a "b" : x.Y { ${body} x = each.value }`]);
  strictEqual(diagnostics.filter((each) => each.severity === "warning").length, 1_000);
  strictEqual(diagnostics.filter((each) => each.severity === "error").length, 1);
});
