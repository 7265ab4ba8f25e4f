import type { LanguageCase } from "./language_case.ts";

/** Chapter E: the canonical form. */
export const CANONICAL_CASES: readonly LanguageCase[] = [
  {
    id: "E01",
    title: "order of parts",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z {\n' +
      "  zeta = 1\n" +
      "  two { b = 1 a = 2 }\n" +
      "  needs q.q -> q\n" +
      "  one { }\n" +
      '  @owner "o"\n' +
      "  alpha = 2\n" +
      '  @intent "i"\n' +
      "}",
    want: 'resource a "b" : x.y.Z {\n' +
      '  @intent "i"\n' +
      '  @owner "o"\n' +
      "\n" +
      "  needs q.q -> q\n" +
      "\n" +
      "  one {\n" +
      "  }\n" +
      "\n" +
      "  two {\n" +
      "    a = 2\n" +
      "    b = 1\n" +
      "  }\n" +
      "\n" +
      "  alpha = 2\n" +
      "  zeta = 1\n" +
      "}\n",
  },
  // The blank line ahead of needs stays, ugly as it is: one text for one meaning, in every tool.
  {
    id: "E02",
    title: "needs without annotations opens with a blank line",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { needs q.q -> q s { k = 1 } }',
    want: 'resource a "b" : x.y.Z {\n\n  needs q.q -> q\n\n  s {\n    k = 1\n  }\n}\n',
  },
  {
    id: "E03",
    title: "needs sort by source, then (ours) by binding",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { needs m.n -> z needs m.n -> y needs b.c -> x needs b.c.arn -> w }',
    want: 'resource a "b" : x.y.Z {\n' +
      "\n" +
      "  needs b.c -> x\n" +
      "  needs b.c.arn -> w\n" +
      "  needs m.n -> y\n" +
      "  needs m.n -> z\n" +
      "}\n",
  },
  {
    id: "E04",
    title: "for_each and count must survive",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { @intent "i" for_each = ["p","q"] needs m.n -> z s { k = each.value } }',
    want: 'resource a "b" : x.y.Z {\n' +
      '  @intent "i"\n' +
      "\n" +
      '  for_each = ["p", "q"]\n' +
      "\n" +
      "  needs m.n -> z\n" +
      "\n" +
      "  s {\n" +
      "    k = each.value\n" +
      "  }\n" +
      "}\n",
  },
  {
    id: "E07",
    title: "array of scalars on one line, anything else one per line",
    mode: "fmt",
    source:
      'resource a "b" : x.y.Z { a = [1, 2.5, "x", true] b = [{ k = 1 }, 2] c = [[]] d = [] e = [env("H")] }',
    want: 'resource a "b" : x.y.Z {\n' +
      '  a = [1, 2.5, "x", true]\n' +
      "  b = [\n" +
      "    { k = 1 },\n" +
      "    2\n" +
      "  ]\n" +
      "  c = [\n" +
      "    []\n" +
      "  ]\n" +
      "  d = []\n" +
      "  e = [\n" +
      '    env("H")\n' +
      "  ]\n" +
      "}\n",
  },
  {
    id: "E09",
    title: "multi-line text becomes a block",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { s { k = "one\\n  two\\n\\nthree" } }',
    want: 'resource a "b" : x.y.Z {\n' +
      "  s {\n" +
      '    k = """\n' +
      "      one\n" +
      "        two\n" +
      "\n" +
      "      three\n" +
      '      """\n' +
      "  }\n" +
      "}\n",
    resources: ['a.b {s={k="one\\n  two\\n\\nthree"}}'],
  },
  {
    id: "E10",
    title: "multi-line text with # stays escaped",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { k = "one # 1\\ntwo" }',
    want: 'resource a "b" : x.y.Z {\n  k = "one # 1\\ntwo"\n}\n',
    resources: ['a.b {k="one # 1\\ntwo"}'],
  },
  {
    id: "E12",
    title: "common indent in text",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { k = "  a\\n  b" }',
    want: 'resource a "b" : x.y.Z {\n  k = "  a\\n  b"\n}\n',
    resources: ['a.b {k="  a\\n  b"}'],
  },
  {
    id: "E13",
    title: "interpolated env",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { k = "u-${env(\\"USER\\")}" }',
    want: 'resource a "b" : x.y.Z {\n  k = "u-${env(\\"USER\\")}"\n}\n',
  },
  {
    id: "E14",
    title: "unknown interpolation is text",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { k = "arn:${aws:user}" }',
    want: 'resource a "b" : x.y.Z {\n  k = "arn:${aws:user}"\n}\n',
    resources: ['a.b {k="arn:${aws:user}"}'],
  },
  {
    id: "E17",
    title: "component: params keep order and come first",
    mode: "fmt",
    source: 'component "c" { resource a "b" : x.y.Z {} @intent "i" param z : Bool param a : String = "v" }',
    want: 'component "c" {\n' +
      "  param z : Bool\n" +
      '  param a : String = "v"\n' +
      "\n" +
      '  @intent "i"\n' +
      "\n" +
      '  resource a "b" : x.y.Z {\n' +
      "  }\n" +
      "}\n",
  },
  {
    id: "E18",
    title: "comments travel with their items",
    mode: "fmt",
    source: "# site\n" +
      "\n" +
      'resource a "b" : x.y.Z {\n' +
      "  # second by name\n" +
      "  two { k = 1 } # t\n" +
      "  # first by name\n" +
      "  one { }\n" +
      "  # last words\n" +
      "}",
    want: "# site\n" +
      "\n" +
      'resource a "b" : x.y.Z {\n' +
      "  # first by name\n" +
      "  one {\n" +
      "  }\n" +
      "\n" +
      "  # second by name\n" +
      "  two {\n" +
      "    k = 1\n" +
      "  } # t\n" +
      "  # last words\n" +
      "}\n",
    resources: ["a.b {two={k=1} one={}}"],
  },
  {
    id: "E20",
    title: "a multi-line text inside a one-line record",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { r = { k = "a\\nb" j = 1 } }',
    want: 'resource a "b" : x.y.Z {\n  r = { j = 1, k = """\n    a\n    b\n    """ }\n}\n',
    resources: ['a.b {r={k="a\\nb" j=1}}'],
  },
];
