import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { hasErrors, renderDiagnostic } from "./diagnostic.ts";
import { format } from "./format.ts";
import { formatSource } from "./format_source.ts";
import { parse, type Parsed } from "./parse.ts";
import { sourceText } from "./source_text.ts";
import type { SyntaxTree } from "./syntax_tree.ts";
import { treeShape } from "./tree_shape.ts";

/** A text as the list of its tokens; tokens that must touch are one piece. */
type Pieces = readonly string[];

const word = fc.constantFrom(
  "a",
  "b",
  "zeta",
  "_x",
  "größe",
  "needs",
  "count",
  "resource",
  "true",
  "use",
  "𝒳",
);
const hyphenated = fc.constantFrom("my-q", "a-2x", "b-1-c", "net", "v-_", "a-9");
const rawText = fc.array(
  fc.constantFrom(
    ..."ab \n\t\r\"\\${}#'é😀\u2028",
    "${each.value}",
    "${ each.value.f }",
    "${param.x}",
    "${var.y}",
    '${env("H")}',
    '${env("H", "d")}',
    "${aws:user}",
    '"""',
    "\n  ",
    "\n    ",
    "line",
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\r": "\\r", "\t": "\\t" };

/** A string token for a text; what is escaped beyond need is up to `style`. */
const stringToken = fc.tuple(rawText, fc.constantFrom("plain", "dollars", "lines", "block")).map(
  ([text, style]) => {
    if (style === "block" && !text.includes('"""') && !text.endsWith('"') && !/env\(/.test(text)) {
      return `"""${text}"""`;
    }
    return `"${
      [...text].map((character) => {
        if (character === "$" && style === "dollars") return "\\$";
        if (character === "\n" && style === "lines") {
          return "\\n";
        }
        return ESCAPES[character] ?? character;
      }).join("")
    }"`;
  },
);

const name = fc.constantFrom('"a"', '"b-c"', '"x y"', '"q\\"q"', '"back\\\\slash"', '"größe"');
const address = fc.constantFrom('"a.b"', '"a.b[k]"', '"a.\\"x y\\"[0]"');
const number = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 99999 })).map(([a, b]) =>
    `${a}.${b}`
  ),
  fc.constantFrom("-0", "-0.0", "123456789012345678901.0", "0.0000001", "1.0"),
);

const { value } = fc.letrec<{ value: Pieces; array: Pieces; record: Pieces }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    stringToken.map((token) => [token]),
    number.map((token) => [token]),
    fc.constantFrom(
      "true",
      "false",
      "param.x",
      "each.value",
      "each.index",
      "each.key",
      "each.value.f.g",
      "var.y",
    )
      .map((token) => [token]),
    stringToken.filter((token) => !token.includes("\n")).map((token) => ["secret", "(", token, ")"]),
    name.map((token) => ["env", "(", token, ")"]),
    fc.tuple(name, name).map(([a, b]) => ["env", "(", a, ",", b, ")"]),
    tie("array"),
    tie("record"),
  ),
  array: fc.tuple(fc.array(tie("value"), { maxLength: 4 }), fc.boolean()).map(([items, comma]) => [
    "[",
    ...items.flatMap((item, index) => index < items.length - 1 || comma ? [...item, ","] : item),
    "]",
  ]),
  record: fc.array(fc.tuple(fc.oneof(word, name), tie("value"), fc.boolean()), { maxLength: 6 }).map((
    entries,
  ) => [
    "{",
    ...entries.flatMap(([key, item, comma]) => [key, "=", ...item, ...(comma ? [","] : [])]),
    "}",
  ]),
}));

const plainWord = word.filter((each) => each !== "count");
const fields = (of: fc.Arbitrary<string>): fc.Arbitrary<Pieces> =>
  fc.array(fc.tuple(of, value).map(([key, item]) => [key, "=", ...item]), { maxLength: 4 }).map((list) =>
    list.flat()
  );
const annotation = fc.tuple(
  fc.constantFrom("@intent", "@owner", "@constraint", "@lifecycle", "@timeout", "@ignore_changes"),
  stringToken,
);
const reference = fc.tuple(
  fc.constantFrom("a", '"k d"', "my-kind"),
  fc.oneof(hyphenated, fc.constant('"x y"')),
  fc.constantFrom("", '["k"]', "[0]", "[*]", '[ "a b" ]', "[k-1]"),
  fc.constantFrom("", ".arn", ".a.b-c"),
).map(([kind, target, index, output]) => `${kind}.${target}${index}${output}`);
const needs = fc.tuple(reference, fc.constantFrom([], ["->", "x"], ["->", "section.y"]))
  .map(([source, binding]) => ["needs", source, ...binding]);
const sections = fc.uniqueArray(word, { maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((each) => fields(word).map((body) => [each, "{", ...body, "}"]))))
  .map((list) => list.flat());
const expansion = fc.oneof(
  fc.constantFrom([], ["count", "=", "3"], ["count", "=", "param.n"], ["for_each", "=", "param.l"]),
  fc.array(value, { maxLength: 3 }).map((
    items,
  ) => ["for_each", "=", "[", ...items.flatMap((item) => [...item, ","]), "]"]),
);
const resource = fc.tuple(
  fc.oneof(word, fc.constant("")),
  name,
  fc.constantFrom("a.b.C", "Thing", "local.File"),
)
  .chain(([kind, title, type]) =>
    fc.tuple(fc.array(annotation), expansion, fc.array(needs, { maxLength: 3 }), sections, fields(plainWord))
      .chain(
        ([annotations, multiply, edges, parts, last]) =>
          fc.shuffledSubarray([annotations.flat(), multiply, edges.flat(), parts, last], { minLength: 5 })
            .map((body) => [
              "resource",
              ...(kind === "" ? [] : [kind]),
              title,
              ":",
              type,
              "{",
              ...body.flat(),
              "}",
            ]),
      )
  );
const layer = fc.tuple(name, name, fc.array(annotation, { maxLength: 2 }), sections, fields(word))
  .chain(([title, base, annotations, parts, last]) =>
    fc.constantFrom("web.*", "*", "9.x*y", '"a b".c-d', "a.b.1").map((pattern) => [
      ...["layer", title, "over", base, "{", ...annotations.flat()],
      ...["override", pattern, "{", ...parts, ...last, "}", "}"],
    ])
  );
const param = fc.tuple(word, fc.constantFrom("String", "Integer", "Bool", "List"), fc.option(value))
  .map((
    [key, type, fallback],
  ) => ["param", key, ":", type, ...(fallback === null ? [] : ["=", ...fallback])]);
const component = fc.tuple(name, fc.array(param, { maxLength: 3 }), fc.array(resource, { maxLength: 2 }))
  .map(([title, params, resources]) => ["component", title, "{", ...params.flat(), ...resources.flat(), "}"]);
const single = fc.oneof(
  name.map((path) => ["include", path]),
  fc.tuple(address, address).map(([a, b]) => ["moved", a, "to", b]),
  address.map((each) => ["removed", each]),
  fc.tuple(name, address).map(([id, each]) => ["import", id, "to", each]),
  fc.tuple(word, reference).map(([key, each]) => ["output", key, "=", each]),
  fc.tuple(name, name, fields(word)).map(([a, b, args]) => ["use", a, "as", b, "{", ...args, "}"]),
);
const declaration = fc.oneof(resource, layer, component, single);
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(" ", "\n", "\r\n", "\u00a0", "\n\n", "\t") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(" # one \n", "\n# own line\n", "\n\n# chapter\n\n", "#\n", ' # "quoted\n'),
  },
);

/** A file without errors, with comments and any white space between its tokens. */
const file = fc.array(declaration, { maxLength: 4 }).chain((declarations) => {
  const pieces = declarations.flat();
  return fc.array(gap, { minLength: pieces.length + 1, maxLength: pieces.length + 1 }).map((gaps) =>
    gaps.map((each, index) => each + (pieces[index] ?? "")).join("")
  );
});

function read(text: string): Parsed {
  return parse(sourceText("law.smelt", text));
}

function comments(tree: SyntaxTree): readonly string[] {
  return Array.from(tree.comments.starts, (start, index) => {
    return tree.source.text.slice(start, tree.comments.ends[index]);
  }).toSorted();
}

Deno.test("format() is a fixed point, keeps the meaning and every comment", () => {
  fc.assert(fc.property(file, (text) => {
    const before = read(text);
    const errors = before.diagnostics.filter((each) => each.severity === "error");
    strictEqual(errors.map((each) => renderDiagnostic(before.tree.source, each)).join("\n"), "");
    const formatted = format(before.tree);
    const after = read(formatted);
    ok(!hasErrors(after.diagnostics), formatted);
    deepStrictEqual(treeShape(after.tree), treeShape(before.tree));
    deepStrictEqual(comments(after.tree), comments(before.tree));
    strictEqual(format(after.tree), formatted);
    const skeleton = formatted.replace(/#.*|"""[^]*?"""|"(?:[^"\\]|\\[^])*"/g, "s");
    ok(!/[ \t]$/m.test(skeleton), "no line ends in white space");
  }));
});

Deno.test("parse() never throws on a cut or edited file, and every diagnostic lies in the text", () => {
  const edit = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom("", ...'{}[]()"=,.@#-$x1\n', '"""'),
  );
  fc.assert(fc.property(file, edit, fc.boolean(), (text, [place, inserted], cut) => {
    const at = Math.floor(place * text.length);
    const changed = cut ? text.slice(0, at) : text.slice(0, at) + inserted + text.slice(at + 1);
    const { tree, diagnostics } = read(changed);
    for (const { span } of diagnostics) {
      ok(span.start >= 0 && span.start <= span.end && span.end <= changed.length);
    }
    strictEqual(formatSource(tree.source).ok, !hasErrors(diagnostics));
  }));
});

Deno.test("parse() and format() never throw on any text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    rawText,
    fc.array(fc.oneof(word, gap, stringToken, number)).map((a) => a.join("")),
  );
  fc.assert(fc.property(text, (any) => {
    const { tree, diagnostics } = read(any);
    for (const each of diagnostics) ok(renderDiagnostic(tree.source, each).includes(each.code));
    format(tree);
    strictEqual(formatSource(tree.source).ok, !hasErrors(diagnostics));
  }));
});

Deno.test("tokens, comments and white space make up the whole text", () => {
  fc.assert(fc.property(file, (text) => {
    const { tree } = read(text);
    const pieces: [number, number][] = [];
    tree.tokens.starts.forEach((start, index) => pieces.push([start, tree.tokens.ends[index] ?? 0]));
    tree.comments.starts.forEach((start, index) => pieces.push([start, tree.comments.ends[index] ?? 0]));
    let at = 0;
    for (const [start, end] of pieces.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
      ok(/^\p{White_Space}*$/u.test(text.slice(at, start)));
      at = end;
    }
    strictEqual(at, text.length);
  }));
});
