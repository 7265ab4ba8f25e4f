import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parse } from "./parse.ts";
import { positionAt, sourceText } from "./source_text.ts";
import { type NeedsNode, type ResourceNode, spanOf, type SyntaxTree, type ValueNode } from "./syntax_tree.ts";
import {
  annotationText,
  bindingText,
  decimalValue,
  eachPath,
  fieldName,
  indexKey,
  integerValue,
  nameText,
  patternSegments,
  resourceKind,
  segmentText,
  stringText,
  typeText,
  unsetText,
} from "./syntax_text.ts";

function read(text: string): SyntaxTree {
  const { tree, diagnostics } = parse(sourceText("a.smelt", text));
  deepStrictEqual(diagnostics, []);
  return tree;
}

function resource(body: string): { readonly tree: SyntaxTree; readonly node: ResourceNode } {
  const tree = read(`resource a "b" : x.y.Z { ${body} }`);
  const [node] = tree.declarations;
  ok(node?.kind === "resource");
  return { tree, node };
}

function codes(text: string): readonly string[] {
  return parse(sourceText("a.smelt", text)).diagnostics.map((each) =>
    `${each.code} ${each.line}:${each.column}`
  );
}

const inBody = (body: string): readonly string[] => codes(`resource a "b" : x.y.Z {\n${body}\n}`);

function values(body: string): readonly string[] {
  const { tree, node } = resource(body);
  const show = (value: ValueNode): string => {
    switch (value.kind) {
      case "integer":
        return String(integerValue(tree, value));
      case "decimal":
        return `decimal ${decimalValue(tree, value)}`;
      case "string":
        return JSON.stringify(stringText(tree, value));
      case "each_ref":
        return ["each", value.of, ...eachPath(tree, value)].join(".");
      case "array":
        return `[${value.items.map(show).join(" ")}]`;
      case "record":
        return `{${
          value.entries.map((entry) => `${fieldName(tree, entry)}=${show(entry.value)}`).join(" ")
        }}`;
      case "secret":
        return `secret ${nameText(tree, value.text)}`;
      case "secret_source":
        return ["secret", value.from, ...value.args.map((arg) => nameText(tree, arg))].join(" ");
      case "env":
        return `env ${nameText(tree, value.name)} ${value.default && nameText(tree, value.default)}`;
      case "boolean":
        return String(value.value);
      default:
        return `${value.kind} ${fieldName(tree, value)}`;
    }
  };
  return node.fields.map((field) => `${fieldName(tree, field)}=${show(field.value)}`);
}

Deno.test("parse() reads a resource with all its items", () => {
  const { tree, node } = resource(
    '@intent "why" needs n.m -> id for_each = [1] s { k = 1 } f = 2 s2 { } g = 3',
  );
  strictEqual(resourceKind(tree, node), "a");
  strictEqual(nameText(tree, node.name), "b");
  strictEqual(typeText(tree, node.type), "x.y.Z");
  deepStrictEqual(node.annotations.map((each) => annotationText(tree, each)), ["why"]);
  deepStrictEqual(node.sections.map((each) => fieldName(tree, each)), ["s", "s2"]);
  deepStrictEqual(node.fields.map((each) => fieldName(tree, each)), ["f", "g"]);
  strictEqual(node.forEach?.value.kind, "array");
  strictEqual(node.count, undefined);
});

Deno.test("resourceKind() derives the kind from the type when it is left out", () => {
  const tree = read('resource "edge" : aws.ec2.SecurityGroup { }');
  const [node] = tree.declarations;
  ok(node?.kind === "resource");
  strictEqual(resourceKind(tree, node), "securitygroup");
});

Deno.test("parse() reads every kind of value", () => {
  deepStrictEqual(
    values('a = 1 b = -2.50 c = "x\\n" d = true e = [1, "a",] f = { k = 1, "l m" = 2 n = [] }'),
    [
      "a=1",
      "b=decimal -2.5",
      'c="x\\n"',
      "d=true",
      'e=[1 "a"]',
      "f={k=1 l m=2 n=[]}",
    ],
  );
  deepStrictEqual(
    values('a = secret("s") b = env("E") c = env ( "E" , "d" ) d = param.p e = var.v f = each.value.x.y'),
    [
      "a=secret s",
      "b=env E undefined",
      "c=env E d",
      "d=param_ref p",
      "e=var_ref v",
      "f=each.value.x.y",
    ],
  );
  deepStrictEqual(values("x = 9223372036854775807 y = -9223372036854775808 z = 1y2 = 2"), [
    "x=9223372036854775807",
    "y=-9223372036854775808",
    "z=1",
    "y2=2",
  ]);
});

Deno.test("parse() has no reserved words", () => {
  deepStrictEqual(values("needs = 1 resource = 2 use = 3 true = false env = 4 each = 5 _ = 6 for = 7"), [
    "needs=1",
    "resource=2",
    "use=3",
    "true=false",
    "env=4",
    "each=5",
    "_=6",
    "for=7",
  ]);
  const { tree, node } = resource("needs { } count { for_each = 1 count = -1 } param { } countdown = 1");
  deepStrictEqual(node.sections.map((each) => fieldName(tree, each)), ["needs", "count", "param"]);
});

function needs(text: string): readonly string[] {
  const { tree, node } = resource(text);
  return node.needs.map((each: NeedsNode) => {
    const { target, index, output } = each.reference;
    const parts = (of: typeof target): string => of.map((segment) => segmentText(tree, segment)).join("|");
    const key = index === undefined ? "-" : index.all ? "*" : indexKey(tree, index);
    return [parts(target), key, parts(output), each.binding && bindingText(tree, each.binding)].join(" ");
  });
}

Deno.test("parse() reads needs with hyphens, quotes, indices, outputs and bindings", () => {
  deepStrictEqual(
    needs(
      'needs a.b needs a.b->c needs a.my-q-2x -> c needs svc."orders v2" -> s.x needs q.w["k e"].arn.b-c -> d ' +
        "needs q.w[0] -> e needs q.w[*].arn needs q.w[ key-1 ] -> f needs lone -> g needs a.b.c.d -> h",
    ),
    [
      "a|b -  ",
      "a|b -  c",
      "a|my-q-2x -  c",
      "svc|orders v2 -  s.x",
      "q|w k e arn|b-c d",
      "q|w 0  e",
      "q|w * arn ",
      "q|w key-1  f",
      "lone -  g",
      "a|b - c|d h",
    ],
  );
  strictEqual(inBody("needs a .b -> c").length, 1);
  strictEqual(inBody("needs a.b--c -> d").length, 1);
  strictEqual(inBody('needs a["k"] -> d').length, 1);
  strictEqual(inBody("needs a.b -> c.d.e").length, 1);
});

Deno.test("parse() reads unset, which stays a name where it is one", () => {
  const tree = read(
    'layer "a" over "b" { override x.y { unset note unset size.cpu unset = 1 unset { f = 1 } } }',
  );
  const [layer] = tree.declarations;
  ok(layer?.kind === "layer");
  deepStrictEqual(
    layer.overrides.map(({ unsets, fields, sections }) => [
      unsets.map((each) => unsetText(tree, each)),
      fields.map((each) => fieldName(tree, each)),
      sections.map((each) => fieldName(tree, each)),
    ]),
    [[["note", "size.cpu"], ["unset"], ["unset"]]],
  );
  for (const wrong of ["unset", 'unset "a"', "unset a .b", "unset a.", "unset a.b.c"]) {
    strictEqual(codes(`layer "a" over "b" { override x.y { ${wrong} } }`).length, 1, wrong);
  }
});

Deno.test("parse() reads layers and their patterns", () => {
  const tree = read('layer "a" over "b" { override web-1.*.2x.1.5 { } override "x.y".c*d { s { } f = 1 } }');
  const [layer] = tree.declarations;
  ok(layer?.kind === "layer");
  deepStrictEqual(
    layer.overrides.map((each) => patternSegments(tree, each.pattern).map(({ text }) => text)),
    [["web-1", "*", "2x", "1", "5"], ["x.y", "c*d"]],
  );
  for (const pattern of ["a..b", ".a", "a.", "a-", "-a"]) {
    strictEqual(codes(`layer "a" over "b" { override ${pattern} { } }`).length, 1, pattern);
  }
});

Deno.test("parse() gives every node its span", () => {
  const { tree, node } = resource('s { k = [1, "a"] }');
  const [section] = node.sections;
  const [field] = section?.fields ?? [];
  ok(field !== undefined);
  const { start, end } = spanOf(tree, field.value);
  strictEqual(tree.source.text.slice(start, end), '[1, "a"]');
  deepStrictEqual(positionAt(tree.source, start), { line: 1, column: 34 });
});

Deno.test("parse() refuses wrong count and for_each by their own codes", () => {
  deepStrictEqual(inBody("count = 3"), []);
  deepStrictEqual(inBody("count = param.n"), []);
  deepStrictEqual(inBody("for_each = { a = 1 }"), []);
  deepStrictEqual(inBody("for_each = param.l"), []);
  for (const value of ["-1", "1.5", '"3"', "[1]", "each.index", 'env("N")']) {
    deepStrictEqual(inBody(`count = ${value}`), ["E-COUNT-VALUE 2:9"]);
  }
  for (const value of ["1", '"x"', "each.value", "var.x"]) {
    deepStrictEqual(inBody(`for_each = ${value}`), ["E-FOREACH-VALUE 2:12"]);
  }
  deepStrictEqual(inBody("count = 1\ncount = 2"), ["E-COUNT-AND-FOREACH 3:1"]);
  deepStrictEqual(inBody("for_each = []\ncount = 2"), ["E-COUNT-AND-FOREACH 3:1"]);
});

Deno.test("parse() refuses numbers that the language does not have", () => {
  for (
    const number of [
      "007",
      "-01",
      "5.",
      ".5",
      "1e3",
      "1e-3",
      "0x1F",
      "1_000",
      "9223372036854775808",
      "9".repeat(999),
    ]
  ) {
    deepStrictEqual(inBody(`a = ${number}`), ["E-NUMBER 2:5"], number);
  }
  deepStrictEqual(inBody(`a = ${"9".repeat(400)}.0`), ["E-NUMBER 2:5"]);
  deepStrictEqual(inBody("a = +5"), ["E-SYNTAX 2:5"]);
  deepStrictEqual(inBody("a = - 5"), ["E-SYNTAX 2:5"]);
});

Deno.test("parse() checks names, and warns where they make addresses hard to read", () => {
  deepStrictEqual(codes('resource a "" : x.Y { }'), ["E-SYNTAX 1:12"]);
  deepStrictEqual(codes('resource a "b\\nc" : x.Y { }'), ["E-SYNTAX 1:12"]);
  deepStrictEqual(codes('use "" as "b\\tc" { }'), ["E-SYNTAX 1:5", "E-SYNTAX 1:11"]);
  for (const name of ["a.b", "a[b", "a]b", "a__b"]) {
    deepStrictEqual(codes(`resource a "${name}" : x.Y { }`), ["W-NAME 1:12"]);
    deepStrictEqual(codes(`use "c" as "${name}" { }`), ["W-NAME 1:12"]);
  }
  deepStrictEqual(codes('resource a "with-hyphen_1" : x.Y { }'), []);
});

Deno.test("parse() refuses two sections of one name, and warns of fields set twice", () => {
  deepStrictEqual(inBody("s { }\ns { }"), ["E-DUP-SECTION 3:1"]);
  deepStrictEqual(inBody("a = 1\na = 2"), ["W-DUP-FIELD 3:1"]);
  deepStrictEqual(inBody('s { a = 1 a = 2 }\nr = { k = 1 "k" = 2 }'), [
    "W-DUP-FIELD 2:11",
    "W-DUP-FIELD 3:13",
  ]);
  deepStrictEqual(codes('use "a" as "b" { x = 1 x = 2 }'), ["W-DUP-FIELD 1:24"]);
  const many = Array.from({ length: 20 }, (_, index) => `a${index} = 1`);
  deepStrictEqual(inBody(many.join("\n")), []);
  deepStrictEqual(inBody([...many, "a19 = 1"].join("\n")), ["W-DUP-FIELD 22:1"]);
});

Deno.test("parse() refuses annotations that it does not know, with the near one", () => {
  const { diagnostics } = parse(sourceText("a.smelt", 'resource a "b" : x.Y { @itent "x" @owner }'));
  deepStrictEqual(diagnostics.map((each) => [each.code, each.hint]), [
    ["E-ANNOTATION", 'did you mean "@intent"?'],
    ["E-ANNOTATION", undefined],
  ]);
  deepStrictEqual(inBody('@ignore_changes "a.b" @replace_triggered_by "a.b.c" @timeout "create 10m"'), []);
  deepStrictEqual(inBody('@intent "a" "b"'), ["E-ANNOTATION 2:13"]);
  deepStrictEqual(inBody('@ intent "a"'), ["E-SYNTAX 2:3"]);
});

Deno.test("parse() refuses a malformed ${env…} at its place, in values only", () => {
  deepStrictEqual(inBody('a = "x ${env(HOME)}"'), ["E-STRING 2:8"]);
  deepStrictEqual(inBody('a = "x \\${env(HOME)}" b = secret("${env(HOME)}") @intent "${env(HOME)}"'), []);
});

Deno.test("parse() refuses escapes that there are not, at the first backslash", () => {
  deepStrictEqual(inBody('a = "C:\\qx\\zy"'), ["E-STRING 2:8"]);
  deepStrictEqual(inBody('a = "\\u{110000}"'), ["E-STRING 2:6"]);
});

Deno.test("parse() lets comments stand wherever white space may", () => {
  const tree = read(
    'resource # a\n a # b\n "b" # c\n : # d\n x.y.Z # e\n { # f\n s # g\n { # h\n k # i\n = # j\n [ # k\n 1 # l\n , # m\n ] } }',
  );
  strictEqual(tree.comments.count, 13);
});

Deno.test("parse() does not repeat a word that stands where a value is expected", () => {
  const said = (value: string) => {
    const source = sourceText("a.smelt", `resource a "n" : x.y.Z {\n  password = ${value}\n}\n`);
    return parse(source).diagnostics.map(({ message, hint }) => `${message}; ${hint}`);
  };
  const found = "Cannot read the value: expected a value, found a word";
  for (
    const value of ["hunter2", "hunter2 hunter3!", "hunter2/x", "hunter2=", "[hunter2]", "{ a = hunter2 }"]
  ) {
    deepStrictEqual(said(value)[0], `${found}; texts stand in double quotes`);
    ok(!said(value).join().includes("hunter"), value);
  }
  deepStrictEqual(said("ture"), [`${found}; did you mean "true"?`]);
  deepStrictEqual(said('Secret("hunter2")'), [`${found}; did you mean "secret"?`]);
});

/** What is said of a body of one field, and where. */
function saidOf(field: string): readonly string[] {
  const source = sourceText("a.smelt", `resource a "n" : x.y.Z {\n  ${field}\n  next = 1\n}\n`);
  return parse(source).diagnostics.map(({ line, column, span, message, hint }) =>
    [`${line}:${column}-${column + span.end - span.start}`, message, hint].join("; ")
  );
}

Deno.test("parse() says of null what to do instead", () => {
  deepStrictEqual(saidOf("a = null"), [
    "2:7-11; Cannot read the value: expected a value, found a word; there is no null: leave the field out, or `unset` it in a layer",
  ]);
});

Deno.test("parse() points at a number with a unit, and does not repeat it", () => {
  const message = "Cannot read the number: expected digits only, found letters behind them";
  const hint = "numbers have no unit, texts stand in double quotes";
  deepStrictEqual(saidOf("timeout = 30s"), [`2:13-16; ${message}; ${hint}`]);
  deepStrictEqual(saidOf("timeout = 1.5h"), [`2:13-17; ${message}; ${hint}`]);
  deepStrictEqual(saidOf("timeout = 4hunter-2.x"), [`2:13-24; ${message}; ${hint}`]);
  deepStrictEqual(saidOf("timeout = [30s, 5]"), [`2:14-17; ${message}; ${hint}`]);
  deepStrictEqual(saidOf("timeout = 30 s"), [
    `2:16-17; Cannot read the field "s": expected "=" or "{", found the end of the line; ${hint}`,
  ]);
});

Deno.test("parse() reads an item that follows a number without a gap", () => {
  for (const item of ["b = 2", "s { c = 1 }", "needs x.y", 'needs "x".y']) {
    deepStrictEqual(saidOf(`a = 1${item}`), []);
  }
  deepStrictEqual(codes('component "c" { param a : Integer = 1param b : Any = 2resource x "y" : T {} }'), []);
});

Deno.test("parse() points at what stands alone on its line", () => {
  deepStrictEqual(saidOf("stray"), [
    '2:3-8; Cannot read the field "stray": expected "=" or "{", found the end of the line; ',
  ]);
  deepStrictEqual(saidOf("@"), [
    '2:3-4; Cannot read the annotation: expected a name directly behind "@", found the end of the line; ',
  ]);
  deepStrictEqual(saidOf("@owner"), [
    '2:4-9; Cannot read the annotation "@owner": expected a text, found the end of the line; ',
  ]);
  deepStrictEqual(saidOf("a = {\n  stray\n}"), [
    '3:3-8; Cannot read the record: expected "=" behind "stray", found the end of the line; ',
  ]);
});
