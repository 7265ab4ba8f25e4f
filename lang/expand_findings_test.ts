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
  Deno.test(`near names are sought for the first of many wrong ${what} only`, () => {
    const { diagnostics } = expandExample([source]);
    strictEqual(diagnostics.length, COUNT);
    const near = diagnostics.filter(({ message }) => message.includes("did you mean"));
    ok(near.length > 0 && near.length <= 50, String(near.length));
  });
}
