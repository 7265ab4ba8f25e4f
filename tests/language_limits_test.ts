import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { soonRefused } from "./harness/soon_refused.ts";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";

const HEAD = 'resource data "d" : local.Data {\n  input {\n    v = ';

/** A project whose only file is what `main` says, as text or bytes. */
async function projectOf(main: string | Uint8Array): Promise<TestProject> {
  const project = await emptyProject();
  if (typeof main === "string") await project.write("main.smelt", main);
  else await Deno.writeFile(join(project.root, "main.smelt"), main);
  return project;
}

const LIST = `[${"1, ".repeat(10_001)}]`;

const REFUSED: readonly (readonly [what: string, main: string | Uint8Array, says: RegExp])[] = [
  [
    "26: 10,001 instances by count",
    'resource data "d" : local.Data { count = 10001 }',
    /E-EXPANSION-LIMIT.*"count" smaller: found 10001 instances, the limit is 10000/,
  ],
  [
    "26: 10,001 instances by a list",
    `resource data "d" : local.Data { for_each = ${LIST} }`,
    /E-EXPANSION-LIMIT.*"for_each" smaller: found 10001 instances, the limit is 10000/,
  ],
  [
    "26: 10,001 instances by a parameter's list",
    `component "c" { param l : List resource data "d" : local.Data { for_each = param.l } }\nuse "c" as "u" { l = ${LIST} }`,
    /E-EXPANSION-LIMIT.*"for_each" smaller: found 10001 instances, the limit is 10000/,
  ],
  [
    "26: 10,001 instances by a parameter's number",
    'component "c" { param n : Integer resource data "d" : local.Data { count = param.n } }\nuse "c" as "u" { n = 10001 }',
    /E-EXPANSION-LIMIT.*"count" smaller: found 10001 instances, the limit is 10000/,
  ],
  [
    "26: arrays 10,000 deep",
    `${HEAD}${"[".repeat(10_000)}${"]".repeat(10_000)}\n  }\n}\n`,
    /E-TOO-DEEP.*more than 256 deep/,
  ],
  [
    "26: records 20,000 deep",
    `${HEAD}${"{ a = ".repeat(20_000)}1${" }".repeat(20_000)}\n  }\n}\n`,
    /E-TOO-DEEP.*more than 256 deep/,
  ],
  [
    "26: lists in records 20,000 deep, no bracket closed",
    `${HEAD}${"[{ a = ".repeat(10_000)}`,
    /E-TOO-DEEP.*more than 256 deep/,
  ],
  [
    "26: lists in records 20,000 deep, every other bracket closed",
    `${HEAD}${"[{ a = ".repeat(10_000)}1${" }".repeat(10_000)}\n  }\n}\n`,
    /E-TOO-DEEP.*more than 256 deep/,
  ],
  [
    "26: a name as long as its file",
    "x".repeat(20_000_000),
    /E-SYNTAX.*expected a declaration, found "x{40}…"/,
  ],
  [
    "26: bytes that are not UTF-8",
    Uint8Array.of(0x23, 0x20, 0xc3, 0x28),
    /E-ENCODING.*as UTF-8: byte 2 is not valid/,
  ],
  [
    "26: half of a pair, encoded",
    Uint8Array.of(0x23, 0xed, 0xa0, 0x80),
    /E-ENCODING.*as UTF-8: byte 1 is not valid/,
  ],
  ["26: half of a pair, as an escape", `${HEAD}"\\u{D800}"\n  }\n}\n`, /E-STRING.*escape "\\u"/],
  [
    "26: a UTF-16 file",
    Uint8Array.of(0xff, 0xfe, 0x23, 0, 0x20, 0),
    /E-ENCODING.*as UTF-8: byte 0 is not valid/,
  ],
  ["26: a NUL", "# one\0two\n", /E-ENCODING.*holds a NUL character/],
];

for (const [what, main, says] of REFUSED) {
  Deno.test(`${what}: a clear error in time`, async () => {
    await using project = await projectOf(main);
    await soonRefused(project, says);
  });
}

Deno.test("26: links that lead in a circle: a file is told, a folder is visited once", async () => {
  await using project = await newProject('resource data "d" : local.Data {\n}\n');
  await Deno.mkdir(join(project.root, "sub"));
  await Deno.symlink("..", join(project.root, "sub/up"));
  await Deno.symlink("around", join(project.root, "round"));
  await Deno.symlink("round", join(project.root, "around"));
  const { stdout } = await project.expect(0, ["plan"]);
  strictEqual(stdout.match(/data\.d/g)?.length, 1, stdout);
  await Deno.symlink("b.smelt", join(project.root, "a.smelt"));
  await Deno.symlink("a.smelt", join(project.root, "b.smelt"));
  await soonRefused(project, /Cannot read "a\.smelt": (.|\n)*Cannot read "b\.smelt": /);
});

Deno.test("26: a file of 100 MB is refused by its size", async () => {
  await using project = await emptyProject();
  await project.write("main.smelt", "");
  await Deno.truncate(join(project.root, "main.smelt"), 100_000_000);
  for (const command of ["plan", "validate", "fmt"]) {
    await soonRefused(project, /E-TOO-LARGE.*it has 100000000 bytes, the limit is 67108864/, [command]);
  }
});

Deno.test("26: files of more than 256 MiB together are refused before one is read", async () => {
  await using project = await emptyProject();
  for (const name of ["a", "b", "c", "d", "e"]) {
    await project.write(`${name}.smelt`, "");
    await Deno.truncate(join(project.root, `${name}.smelt`), 60_000_000);
  }
  for (const command of ["plan", "fmt"]) {
    const says = /E-TOO-LARGE.*with "e\.smelt" its files have 300000000 bytes, the limit is 268435456/;
    await soonRefused(project, says, [command]);
  }
});

/** Names that objects of the runtime's language have by birth. */
const NAMES = ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", "__defineGetter__"];

/** Every sort of thing that can be named so, and a value that comes from it. */
function namesakes(name: string): string {
  return `component "${name}" {
  param ${name} : Any

  resource ${name} "${name}" : local.Data {
    triggers_replace = { ${name} = param.${name} }

    input {
      ${name} = param.${name}
      other = "\${param.${name}}"
    }
  }
}

use "${name}" as "${name}" {
  ${name} = { ${name} = ["${name}"] }
}

resource ${name} "${name}" : local.Data {
  for_each = { ${name} = { ${name} = "${name}" } }

  input {
    ${name} = each.value.${name}
    key = each.key
  }
}

resource after "${name}" : local.Data {
  needs ${name}.${name}["${name}"].${name} -> input.${name}
}

output ${name} = after.${name}.${name}
`;
}

Deno.test("26: names such as __proto__ are ordinary names: applied, stored, planned again without change", async () => {
  await using project = await newProject(NAMES.map(namesakes).join("\n"));
  await project.expect(0, ["validate"]);
  await project.expect(0, ["apply", "--yes"]);
  match((await project.expect(0, ["plan"])).stdout, /Nothing changes/);
  for (const name of NAMES) {
    const shown = JSON.parse((await project.expect(0, ["show", `after.${name}`, "--json"])).stdout);
    const text = JSON.stringify(shown);
    match(text, new RegExp(`"${name}":"${name}"`));
  }
  await project.expect(0, ["init", "constructor"]);
  await project.expect(0, ["apply", "constructor", "--yes"]);
  match((await project.expect(0, ["plan", "constructor"])).stdout, /Nothing changes/);
  await project.expect(0, ["destroy", "--yes"]);
  deepStrictEqual((await project.ledger()).live, []);
});
