import type { LanguageCase } from "./language_case.ts";

/** Chapter A: characters, comments, names, texts, numbers and values. */
export const LEXIS_CASES: readonly LanguageCase[] = [
  { id: "A01", title: "an empty file is valid", mode: "fmt", source: "", want: "" },
  {
    id: "A02",
    title: "file of comments only",
    mode: "parse",
    source: "# nothing here\n   # still nothing",
    want: ["accepted: 0 declared"],
  },
  {
    id: "A07",
    title: "# inside a string is text",
    mode: "fmt",
    source: 'resource disk "d" : mock.store.Disk { note = "a # b" }',
    want: 'resource disk "d" : mock.store.Disk {\n  note = "a # b"\n}\n',
    resources: ['disk.d {note="a # b"}'],
  },
  {
    id: "A09",
    title: "CRLF line ends",
    mode: "fmt",
    source: 'resource disk "d" : mock.store.Disk {\r\n  size = 4\r\n}\r\n',
    want: 'resource disk "d" : mock.store.Disk {\n  size = 4\n}\n',
    resources: ["disk.d {size=4}"],
  },
  {
    id: "A10",
    title: "Unicode space as whitespace",
    mode: "parse",
    source: 'resource disk\u2003"d"\u00a0: mock.store.Disk {}',
    want: ["accepted: 1 declared"],
  },
  {
    id: "A12",
    title: "Unicode identifiers",
    mode: "fmt",
    source: 'resource größe "d" : mock.store.Disk { höhe_2 = 1 }',
    want: 'resource größe "d" : mock.store.Disk {\n  höhe_2 = 1\n}\n',
    resources: ["größe.d {höhe_2=1}"],
  },
  {
    id: "A14",
    title: "hyphen is not an identifier character (kind)",
    mode: "parse",
    source: 'resource my-disk "d" : mock.store.Disk {}',
    want: ['E-SYNTAX 1:12 Cannot read the resource: expected a name as a string, found "-"'],
  },
  {
    id: "A17",
    title: "any other escape is an error",
    mode: "parse",
    source: 'resource n "x" : m.t.N { s = "\\q" }',
    want: [
      'E-STRING 1:31 Cannot read the escape "\\q" in a string',
      'hint: known are \\\\ \\" \\n \\t \\r \\$ \\u{…}',
    ],
  },
  {
    id: "A18",
    title: "raw newline in a plain string",
    mode: "fmt",
    source: 'resource n "x" : m.t.N { s = "one\ntwo" }',
    want: 'resource n "x" : m.t.N {\n  s = """\n    one\n    two\n    """\n}\n',
    resources: ['n.x {s="one\\ntwo"}'],
  },
  {
    id: "A20",
    title: "triple-quoted string is raw",
    mode: "fmt",
    source: 'resource n "x" : m.t.N { s = """C:\\new "dir" """ }',
    want: 'resource n "x" : m.t.N {\n  s = "C:\\\\new \\"dir\\""\n}\n',
    resources: ['n.x {s="C:\\\\new \\"dir\\""}'],
  },
  {
    id: "A22",
    title: "integers",
    mode: "fmt",
    source: 'resource n "x" : m.t.N { a = 0 b = -12 c = 9223372036854775807 d = -9223372036854775808 }',
    want: 'resource n "x" : m.t.N {\n' +
      "  a = 0\n" +
      "  b = -12\n" +
      "  c = 9223372036854775807\n" +
      "  d = -9223372036854775808\n" +
      "}\n",
    resources: ["n.x {a=0 b=-12 c=9223372036854775807 d=-9223372036854775808}"],
  },
  {
    id: "A23",
    title: "integer outside 64 bits",
    mode: "parse",
    source: 'resource n "x" : m.t.N { a = 9223372036854775808 }',
    want: [
      'E-NUMBER 1:30 Cannot read the number "9223372036854775808": the integer is out of range, which is -2^63 to 2^63-1',
    ],
  },
  {
    id: "A26",
    title: "forms that are not numbers",
    mode: "parse",
    source: 'resource n "x" : m.t.N { a = .5 }',
    want: ['E-NUMBER 1:30 Cannot read the number ".5": expected a digit before the point'],
    alike: [{
      mode: "parse",
      source: 'resource n "x" : m.t.N { a = 5. }',
      want: [
        'E-NUMBER 1:30 Cannot read the number "5.": expected digits, and a point with digits behind it perhaps',
      ],
    }, {
      mode: "parse",
      source: 'resource n "x" : m.t.N { a = +5 }',
      want: ['E-SYNTAX 1:30 Cannot read the value: expected a value, found "+"', "hint: numbers have no +"],
    }, {
      mode: "parse",
      source: 'resource n "x" : m.t.N { a = - 5 }',
      want: [
        'E-SYNTAX 1:30 Cannot read the value: expected a value, found "-"',
        "hint: a sign stands directly before the digits",
      ],
    }, {
      mode: "parse",
      source: 'resource n "x" : m.t.N { a = 0x1F }',
      want: [
        'E-NUMBER 1:30 Cannot read the number "0x1F": expected digits, and a point with digits behind it perhaps',
      ],
    }, {
      mode: "parse",
      source: 'resource n "x" : m.t.N { a = 1_000 }',
      want: [
        'E-NUMBER 1:30 Cannot read the number "1_000": expected digits, and a point with digits behind it perhaps',
      ],
    }, {
      mode: "parse",
      source: 'resource n "x" : m.t.N { a = 007 }',
      want: ['E-NUMBER 1:30 Cannot read the number "007": expected no leading zeros'],
    }],
  },
  {
    id: "A27",
    title: "no exponent form",
    mode: "parse",
    source: 'resource n "x" : m.t.N { a = 1e3 }',
    want: [
      'E-NUMBER 1:30 Cannot read the number "1e3": expected digits, and a point with digits behind it perhaps',
    ],
  },
  {
    id: "A28",
    title: "integral decimal keeps being a decimal",
    mode: "fmt",
    source: 'resource n "x" : m.t.N { a = 2.0 }',
    want: 'resource n "x" : m.t.N {\n  a = 2.0\n}\n',
    resources: ["n.x {a=2}"],
  },
  {
    id: "A29",
    title: "big decimal survives fmt",
    mode: "fmt",
    source: 'resource n "x" : m.t.N { a = 123456789012345678901.0 }',
    want: 'resource n "x" : m.t.N {\n  a = 123456789012345680000.0\n}\n',
    resources: ["n.x {a=123456789012345680000}"],
  },
  {
    id: "A33",
    title: "array needs commas",
    mode: "parse",
    source: 'resource n "x" : m.t.N { a = [1 2] }',
    want: ['E-SYNTAX 1:33 Cannot read the list: expected "," or "]", found "2"'],
  },
  {
    id: "A34",
    title: "record separators: comma, newline or space",
    mode: "fmt",
    source: 'resource n "x" : m.t.N { r = { a = 1, b = 2\n c = 3 d = 4, } }',
    want: 'resource n "x" : m.t.N {\n  r = { a = 1, b = 2, c = 3, d = 4 }\n}\n',
    resources: ["n.x {r={a=1 b=2 c=3 d=4}}"],
  },
  {
    id: "A35",
    title: "double comma in a record",
    mode: "parse",
    source: 'resource n "x" : m.t.N { r = { a = 1,, b = 2 } }',
    want: ['E-SYNTAX 1:38 Cannot read the record: expected a key or "}", found ","'],
  },
];
