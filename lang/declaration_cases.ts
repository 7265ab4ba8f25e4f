import type { LanguageCase } from "./language_case.ts";

/** Chapter B: what stands in which declaration. */
export const DECLARATION_CASES: readonly LanguageCase[] = [
  {
    id: "B01",
    title: "kind left out",
    mode: "fmt",
    source: 'resource "edge" : aws.ec2.SecurityGroup {}',
    want: 'resource securitygroup "edge" : aws.ec2.SecurityGroup {\n}\n',
    resources: ["securitygroup.edge {}"],
  },
  // `validate` refuses it, since no provider has such a type.
  {
    id: "B02",
    title: "type path of one segment parses",
    mode: "fmt",
    source: 'resource a "b" : Thing {}',
    want: 'resource a "b" : Thing {\n}\n',
    resources: ["a.b {}"],
  },
  {
    id: "B03",
    title: "no spaces inside a type path",
    mode: "parse",
    source: 'resource a "b" : x . y {}',
    want: [
      'E-SYNTAX 1:20 Cannot read the type of the resource: expected no space around the points of the path, found "."',
    ],
  },
  {
    id: "B04",
    title: "the four annotations, any number of each",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z {\n' +
      ' @lifecycle "keep" @constraint "c1" @owner "me" @constraint "c2" @intent "why"\n' +
      "}",
    want: 'resource a "b" : x.y.Z {\n' +
      '  @intent "why"\n' +
      '  @owner "me"\n' +
      '  @constraint "c1"\n' +
      '  @constraint "c2"\n' +
      '  @lifecycle "keep"\n' +
      "}\n",
  },
  {
    id: "B06",
    title: "annotation needs exactly one string",
    mode: "parse",
    source: 'resource a "b" : x.y.Z { @intent }',
    want: ['E-ANNOTATION 1:34 Cannot read the annotation "@intent": expected a text, found "}"'],
  },
  {
    id: "B07",
    title: "annotation may be triple-quoted",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { @intent """\n    two\n    lines\n    """ }',
    want: 'resource a "b" : x.y.Z {\n  @intent """\n    two\n    lines\n    """\n}\n',
    alike: [{
      mode: "explain",
      source: 'resource a "b" : x.y.Z { @intent """\n    two\n    lines\n    """ }',
      explain: "a.b",
      want: [
        "a.b {}",
        "type x.y.Z",
        "intent two\nlines, owner none",
        "constraints none",
        "lifecycle none",
        "needs none",
        "blast radius 0 (None): none",
        "order 1 of 1",
        "tier 0 of 1, beside none",
      ],
    }],
  },
  // The parser takes any target; that there is no `p.q` is found when the needs are resolved.
  {
    id: "B08",
    title: "needs: two segments",
    mode: "fmt",
    source: 'resource a "b" : x.y.Z { needs p.q -> r }',
    want: 'resource a "b" : x.y.Z {\n\n  needs p.q -> r\n}\n',
    alike: [{
      mode: "plan",
      source: 'resource a "b" : x.y.Z { needs p.q -> r }',
      want: ['E-UNKNOWN-DEP 1:32 Unknown dependency "p.q" in "a.b"'],
    }],
  },
  {
    id: "B10",
    title: "needs without a binding counts for the order only",
    mode: "parse",
    source: 'resource a "b" : x.y.Z { needs p.q }',
    want: ["accepted: 1 declared"],
    alike: [{
      mode: "plan",
      source: 'resource p "q" : x.y.P {}\nresource a "b" : x.y.Z { needs p.q }',
      want: ["p.q {}", "a.b {} <- p.q"],
    }],
  },
  {
    id: "B11",
    title: "needs may name a hyphenated resource",
    mode: "parse",
    source: 'resource a "b" : x.y.Z { needs p.my-q -> r }',
    want: ["accepted: 1 declared"],
    alike: [{
      mode: "plan",
      source: 'resource p "my-q" : x.y.P {}\nresource a "b" : x.y.Z { needs p.my-q -> r }',
      want: ["p.my-q {}", "a.b {} <- p.my-q -> r"],
    }],
  },
  {
    id: "B15",
    title: "unclosed body",
    mode: "parse",
    source: 'resource a "b" : x.y.Z { a = 1',
    want: [
      'E-SYNTAX 1:31 Cannot find the end of the resource "b": expected "}" for the "{" at 1:24, found end of file',
    ],
  },
  {
    id: "B16",
    title: "stray closing brace",
    mode: "parse",
    source: 'resource a "b" : x.y.Z {} }',
    want: [
      'E-SYNTAX 1:27 Cannot read the file: expected a declaration, found "}"',
      "hint: declarations are resource, layer, component, use, include, output, moved, removed, import",
    ],
  },
  {
    id: "B17",
    title: "only nine top-level forms",
    mode: "parse",
    source: 'output "x" { value = 1 }',
    want: [
      'E-SYNTAX 1:8 Cannot read "output": expected output name = kind.name.field, found a string',
      "hint: declarations are resource, layer, component, use, include, output, moved, removed, import",
    ],
    alike: [{
      mode: "parse",
      source: 'module "x" { value = 1 }',
      want: [
        'E-SYNTAX 1:1 Cannot read the file: expected a declaration, found "module"',
        "hint: declarations are resource, layer, component, use, include, output, moved, removed, import",
      ],
    }],
  },
  {
    id: "B18",
    title: "use takes fields only",
    mode: "parse",
    source: 'use "c" as "d" { s { a = 1 } }',
    want: [
      'E-SYNTAX 1:20 Cannot read the field "s": expected "=", found "{"',
      "hint: write s = { … } for a record",
    ],
  },
  {
    id: "B19",
    title: "component holds params, annotations, resources only",
    mode: "parse",
    source: 'component "c" { use "d" as "e" {} }',
    want: [
      'E-SYNTAX 1:17 Cannot read the component "c": "use" stands outside all bodies',
      "hint: move it out, or close the body before it",
    ],
  },
  {
    id: "B22",
    title: "layer must name a base",
    mode: "parse",
    source: 'layer "a" { }',
    want: ['E-SYNTAX 1:11 Cannot read the layer "a": expected "over", found "{"'],
  },
  {
    id: "B23",
    title: "override pattern charset",
    mode: "fmt",
    source: 'layer "a" over "b" { override web_1.* { } override * { } override 9.x*y { } }',
    want: 'layer "a" over "b" {\n' +
      "  override web_1.* {\n" +
      "  }\n" +
      "\n" +
      "  override * {\n" +
      "  }\n" +
      "\n" +
      "  override 9.x*y {\n" +
      "  }\n" +
      "}\n",
  },
  {
    id: "B25",
    title: "no needs/annotations in an override",
    mode: "parse",
    source: 'layer "a" over "b" { override a.b { @owner "x" } }',
    want: ['E-SYNTAX 1:37 Cannot read the override of a.b: expected an item or "}", found "@"'],
  },
];
