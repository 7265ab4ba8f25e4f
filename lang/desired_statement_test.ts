import { deepStrictEqual } from "node:assert/strict";
import { expandExample, outcome } from "./expand_example.ts";

Deno.test("moved, removed, import and output are read in the order of the files", () => {
  const { desired, diagnostics } = expandExample([
    'resource a "new" : m.t.A { count = 1 }\nresource b "x" : m.t.B {}\nmoved "a.old" to "a.new[0]"\n' +
    'moved "c.\\"a b\\"" to "c.gone"\nremoved "d.e[k]"\nimport "id-1" to "b.x"\n' +
    "output first = a.new[0].s.f\noutput second = b.x.id",
  ]);
  deepStrictEqual(diagnostics, []);
  deepStrictEqual(desired.moved.map(({ from, to, origin }) => [from, to, origin.line]), [
    ["a.old", "a.new[0]", 3],
    ['c."a b"', "c.gone", 4],
  ]);
  deepStrictEqual(desired.removed.map((each) => each.address), ["d.e[k]"]);
  deepStrictEqual(desired.imports.map(({ id, address }) => [id, address]), [["id-1", "b.x"]]);
  deepStrictEqual(desired.outputs.map(({ name, target, path }) => [name, target, path]), [
    ["first", "a.new[0]", "s.f"],
    ["second", "b.x", "id"],
  ]);
});

const WRONG: readonly (readonly [title: string, source: string, want: readonly string[]])[] = [
  ["a move or removal of what is still declared", 'moved "b.x" to "b.y"\nremoved "b.x"', [
    'E-DUP-RESOURCE 2:7 Cannot move "b.x": the files still declare it',
    'E-DUP-RESOURCE 3:9 Cannot remove "b.x": the files still declare it',
  ]],
  ["two moves from or to one address", 'moved "a.a" to "a.b"\nmoved "a.a" to "a.c"\nmoved "a.d" to "a.b"', [
    'E-DUP-RESOURCE 3:7 The move from "a.a" is declared twice: the other one is at 1.smelt:2:7',
    'E-DUP-RESOURCE 4:16 The move to "a.b" is declared twice: the other one is at 1.smelt:2:16',
  ]],
  ["an import to what is not declared", 'import "i" to "b.z"\nimport "i" to "b.x"\nimport "j" to "b.x"', [
    'E-UNKNOWN-DEP 2:15 Cannot import to "b.z": the files declare no such resource',
    'E-DUP-RESOURCE 4:15 The import to "b.x" is declared twice: the other one is at 1.smelt:3:15',
  ]],
  [
    "outputs of what is not there",
    "output a = b.z.id\noutput a = b.x.id\noutput c = t.t.id\noutput d = b.x",
    [
      'E-UNKNOWN-DEP 2:12 Unknown resource "b.z" in the output "a": did you mean "b.x"?',
      'E-DUP-RESOURCE 3:8 The output "a" is declared twice: the other one is at 1.smelt:2:8',
      'E-UNKNOWN-DEP 4:12 Unknown resource "t.t" in the output "c": it stands for 2 instances, name one as [key]',
      'E-SYNTAX 5:12 Name a field of "b.x" for the output "d"',
    ],
  ],
];

for (const [title, source, want] of WRONG) {
  Deno.test(`statements refuse ${title}`, () => {
    const resources = 'resource b "x" : m.t.B {} resource t "t" : m.t.T { count = 2 }';
    deepStrictEqual(outcome([`${resources}\n${source}`]), want);
  });
}
