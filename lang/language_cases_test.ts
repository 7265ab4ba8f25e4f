import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatSource } from "./format_source.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";

/** A case of the language: a file, and its canonical text or the place and code of its one error. */
type LanguageCase =
  & { readonly id: string; readonly title: string; readonly source: string }
  & (
    | { readonly canonical: string }
    | { readonly accepted: true }
    | { readonly error: string }
  );

const CASES: readonly LanguageCase[] = [
  {
    id: "A01",
    title: "an empty file is valid",
    source: "",
    canonical: "",
  },
  {
    id: "A02",
    title: "file of comments only",
    source: "# nothing here\n   # still nothing",
    accepted: true,
  },
  {
    id: "A07",
    title: "# inside a string is text",
    source: 'resource disk "d" : mock.store.Disk { note = "a # b" }',
    canonical: 'resource disk "d" : mock.store.Disk {\n  note = "a # b"\n}\n',
  },
  {
    id: "A09",
    title: "CRLF line ends",
    source: 'resource disk "d" : mock.store.Disk {\r\n  size = 4\r\n}\r\n',
    canonical: 'resource disk "d" : mock.store.Disk {\n  size = 4\n}\n',
  },
  {
    id: "A10",
    title: "Unicode space as whitespace",
    source: 'resource disk "d" : mock.store.Disk {}',
    accepted: true,
  },
  {
    id: "A12",
    title: "Unicode identifiers",
    source: 'resource größe "d" : mock.store.Disk { höhe_2 = 1 }',
    canonical: 'resource größe "d" : mock.store.Disk {\n  höhe_2 = 1\n}\n',
  },
  {
    id: "A14",
    title: "hyphen is not an identifier character (kind)",
    source: 'resource my-disk "d" : mock.store.Disk {}',
    error: "E-SYNTAX 1:12",
  },
  {
    id: "A17",
    title: "any other escape is an error",
    source: 'resource n "x" : m.t.N { s = "\\q" }',
    error: "E-STRING 1:31",
  },
  {
    id: "A18",
    title: "raw newline in a plain string",
    source: 'resource n "x" : m.t.N { s = "one\ntwo" }',
    canonical: 'resource n "x" : m.t.N {\n  s = """\n    one\n    two\n    """\n}\n',
  },
  {
    id: "A20",
    title: "triple-quoted string is raw",
    source: 'resource n "x" : m.t.N { s = """C:\\new "dir" """ }',
    canonical: 'resource n "x" : m.t.N {\n  s = "C:\\\\new \\"dir\\""\n}\n',
  },
  {
    id: "A22",
    title: "integers",
    source: 'resource n "x" : m.t.N { a = 0 b = -12 c = 9223372036854775807 d = -9223372036854775808 }',
    canonical:
      'resource n "x" : m.t.N {\n  a = 0\n  b = -12\n  c = 9223372036854775807\n  d = -9223372036854775808\n}\n',
  },
  {
    id: "A23",
    title: "integer outside 64 bits",
    source: 'resource n "x" : m.t.N { a = 9223372036854775808 }',
    error: "E-NUMBER 1:30",
  },
  {
    id: "A26",
    title: "forms that are not numbers",
    source: 'resource n "x" : m.t.N { a = .5 }',
    error: "E-NUMBER 1:30",
  },
  {
    id: "A27",
    title: "no exponent form",
    source: 'resource n "x" : m.t.N { a = 1e3 }',
    error: "E-NUMBER 1:30",
  },
  {
    id: "A28",
    title: "integral decimal keeps being a decimal",
    source: 'resource n "x" : m.t.N { a = 2.0 }',
    canonical: 'resource n "x" : m.t.N {\n  a = 2.0\n}\n',
  },
  {
    id: "A29",
    title: "big decimal survives fmt",
    source: 'resource n "x" : m.t.N { a = 123456789012345678901.0 }',
    canonical: 'resource n "x" : m.t.N {\n  a = 123456789012345680000.0\n}\n',
  },
  {
    id: "A33",
    title: "array needs commas",
    source: 'resource n "x" : m.t.N { a = [1 2] }',
    error: "E-SYNTAX 1:33",
  },
  {
    id: "A34",
    title: "record separators: comma, newline or space",
    source: 'resource n "x" : m.t.N { r = { a = 1, b = 2\n c = 3 d = 4, } }',
    canonical: 'resource n "x" : m.t.N {\n  r = { a = 1, b = 2, c = 3, d = 4 }\n}\n',
  },
  {
    id: "A35",
    title: "double comma in a record",
    source: 'resource n "x" : m.t.N { r = { a = 1,, b = 2 } }',
    error: "E-SYNTAX 1:38",
  },
  {
    id: "B01",
    title: "kind left out",
    source: 'resource "edge" : aws.ec2.SecurityGroup {}',
    canonical: 'resource securitygroup "edge" : aws.ec2.SecurityGroup {\n}\n',
  },
  {
    id: "B02",
    title: "type path of one segment parses",
    source: 'resource a "b" : Thing {}',
    canonical: 'resource a "b" : Thing {\n}\n',
  },
  {
    id: "B03",
    title: "spaces inside a type path",
    source: 'resource a "b" : x . y {}',
    error: "E-SYNTAX 1:20",
  },
  {
    id: "B04",
    title: "the four annotations, any number of each",
    source:
      'resource a "b" : x.y.Z {\n @lifecycle "keep" @constraint "c1" @owner "me" @constraint "c2" @intent "why"\n}',
    canonical:
      'resource a "b" : x.y.Z {\n  @intent "why"\n  @owner "me"\n  @constraint "c1"\n  @constraint "c2"\n  @lifecycle "keep"\n}\n',
  },
  {
    id: "B06",
    title: "annotation needs exactly one string",
    source: 'resource a "b" : x.y.Z { @intent }',
    error: "E-ANNOTATION 1:34",
  },
  {
    id: "B07",
    title: "annotation may be triple-quoted",
    source: 'resource a "b" : x.y.Z { @intent """\n    two\n    lines\n    """ }',
    canonical: 'resource a "b" : x.y.Z {\n  @intent """\n    two\n    lines\n    """\n}\n',
  },
  {
    id: "B08",
    title: "needs: two segments",
    source: 'resource a "b" : x.y.Z { needs p.q -> r }',
    canonical: 'resource a "b" : x.y.Z {\n\n  needs p.q -> r\n}\n',
  },
  {
    id: "B10",
    title: "needs must bind",
    source: 'resource a "b" : x.y.Z { needs p.q }',
    accepted: true,
  },
  {
    id: "B11",
    title: "needs cannot name a hyphenated resource",
    source: 'resource a "b" : x.y.Z { needs p.my-q -> r }',
    accepted: true,
  },
  {
    id: "B15",
    title: "unclosed body",
    source: 'resource a "b" : x.y.Z { a = 1',
    error: "E-SYNTAX 1:31",
  },
  {
    id: "B16",
    title: "stray closing brace",
    source: 'resource a "b" : x.y.Z {} }',
    error: "E-SYNTAX 1:27",
  },
  {
    id: "B17",
    title: "only five top-level forms",
    source: 'output "x" { value = 1 }',
    error: "E-SYNTAX 1:8",
  },
  {
    id: "B18",
    title: "use takes fields only",
    source: 'use "c" as "d" { s { a = 1 } }',
    error: "E-SYNTAX 1:20",
  },
  {
    id: "B19",
    title: "component holds params, annotations, resources only",
    source: 'component "c" { use "d" as "e" {} }',
    error: "E-SYNTAX 1:17",
  },
  {
    id: "B22",
    title: "layer must name a base",
    source: 'layer "a" { }',
    error: "E-SYNTAX 1:11",
  },
  {
    id: "B23",
    title: "override pattern charset",
    source: 'layer "a" over "b" { override web_1.* { } override * { } override 9.x*y { } }',
    canonical:
      'layer "a" over "b" {\n  override web_1.* {\n  }\n\n  override * {\n  }\n\n  override 9.x*y {\n  }\n}\n',
  },
  {
    id: "B25",
    title: "no needs/annotations in an override",
    source: 'layer "a" over "b" { override a.b { @owner "x" } }',
    error: "E-SYNTAX 1:37",
  },
  {
    id: "E01",
    title: "order of parts",
    source:
      'resource a "b" : x.y.Z {\n  zeta = 1\n  two { b = 1 a = 2 }\n  needs q.q -> q\n  one { }\n  @owner "o"\n  alpha = 2\n  @intent "i"\n}',
    canonical:
      'resource a "b" : x.y.Z {\n  @intent "i"\n  @owner "o"\n\n  needs q.q -> q\n\n  one {\n  }\n\n  two {\n    a = 2\n    b = 1\n  }\n\n  alpha = 2\n  zeta = 1\n}\n',
  },
  {
    id: "E02",
    title: "needs without annotations opens with a blank line",
    source: 'resource a "b" : x.y.Z { needs q.q -> q s { k = 1 } }',
    canonical: 'resource a "b" : x.y.Z {\n\n  needs q.q -> q\n\n  s {\n    k = 1\n  }\n}\n',
  },
  {
    id: "E03",
    title: "needs sort by source, then (ours) by binding",
    source: 'resource a "b" : x.y.Z { needs m.n -> z needs m.n -> y needs b.c -> x needs b.c.arn -> w }',
    canonical:
      'resource a "b" : x.y.Z {\n\n  needs b.c -> x\n  needs b.c.arn -> w\n  needs m.n -> y\n  needs m.n -> z\n}\n',
  },
  {
    id: "E04",
    title: "for_each and count must survive",
    source: 'resource a "b" : x.y.Z { @intent "i" for_each = ["p","q"] needs m.n -> z s { k = each.value } }',
    canonical:
      'resource a "b" : x.y.Z {\n  @intent "i"\n\n  for_each = ["p", "q"]\n\n  needs m.n -> z\n\n  s {\n    k = each.value\n  }\n}\n',
  },
  {
    id: "E07",
    title: "array of scalars on one line, anything else one per line",
    source:
      'resource a "b" : x.y.Z { a = [1, 2.5, "x", true] b = [{ k = 1 }, 2] c = [[]] d = [] e = [env("H")] }',
    canonical:
      'resource a "b" : x.y.Z {\n  a = [1, 2.5, "x", true]\n  b = [\n    { k = 1 },\n    2\n  ]\n  c = [\n    []\n  ]\n  d = []\n  e = [\n    env("H")\n  ]\n}\n',
  },
  {
    id: "E09",
    title: "multi-line text becomes a block",
    source: 'resource a "b" : x.y.Z { s { k = "one\\n  two\\n\\nthree" } }',
    canonical:
      'resource a "b" : x.y.Z {\n  s {\n    k = """\n      one\n        two\n\n      three\n      """\n  }\n}\n',
  },
  {
    id: "E10",
    title: "multi-line text with # stays escaped",
    source: 'resource a "b" : x.y.Z { k = "one # 1\\ntwo" }',
    canonical: 'resource a "b" : x.y.Z {\n  k = "one # 1\\ntwo"\n}\n',
  },
  {
    id: "E12",
    title: "common indent in text",
    source: 'resource a "b" : x.y.Z { k = "  a\\n  b" }',
    canonical: 'resource a "b" : x.y.Z {\n  k = "  a\\n  b"\n}\n',
  },
  {
    id: "E13",
    title: "interpolated env",
    source: 'resource a "b" : x.y.Z { k = "u-${env(\\"USER\\")}" }',
    canonical: 'resource a "b" : x.y.Z {\n  k = "u-${env(\\"USER\\")}"\n}\n',
  },
  {
    id: "E14",
    title: "unknown interpolation is text",
    source: 'resource a "b" : x.y.Z { k = "arn:${aws:user}" }',
    canonical: 'resource a "b" : x.y.Z {\n  k = "arn:${aws:user}"\n}\n',
  },
  {
    id: "E17",
    title: "component: params keep order and come first",
    source: 'component "c" { resource a "b" : x.y.Z {} @intent "i" param z : Bool param a : String = "v" }',
    canonical:
      'component "c" {\n  param z : Bool\n  param a : String = "v"\n\n  @intent "i"\n\n  resource a "b" : x.y.Z {\n  }\n}\n',
  },
  {
    id: "E18",
    title: "comments travel with their items",
    source:
      '# site\n\nresource a "b" : x.y.Z {\n  # second by name\n  two { k = 1 } # t\n  # first by name\n  one { }\n  # last words\n}',
    canonical:
      '# site\n\nresource a "b" : x.y.Z {\n  # first by name\n  one {\n  }\n\n  # second by name\n  two {\n    k = 1\n  } # t\n  # last words\n}\n',
  },
  {
    id: "E20",
    title: "a multi-line text inside a one-line record",
    source: 'resource a "b" : x.y.Z { r = { k = "a\\nb" j = 1 } }',
    canonical: 'resource a "b" : x.y.Z {\n  r = { j = 1, k = """\n    a\n    b\n    """ }\n}\n',
  },
];

for (const each of CASES) {
  Deno.test(`case ${each.id}: ${each.title}`, () => {
    const source = sourceText(`${each.id}.smelt`, each.source);
    const errors = parse(source).diagnostics
      .filter((found) => found.severity === "error")
      .map((found) => `${found.code} ${found.line}:${found.column}`);
    deepStrictEqual(errors, "error" in each ? [each.error] : []);
    const formatted = formatSource(source);
    strictEqual(formatted.ok, !("error" in each));
    if (formatted.ok && "canonical" in each) strictEqual(formatted.value, each.canonical);
  });
}
