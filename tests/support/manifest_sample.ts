import fc from "fast-check";

/** A stream of YAML that was made up, and what becomes of it. */
export interface ManifestSample {
  readonly text: string;
  /** As documents mean them, in their order. */
  readonly references: readonly string[];
  /** Each that there may be. */
  readonly uris: readonly string[];
  /** The same stream with this image for each reference. */
  wanted(image: string): string;
}

const URIS = ["image://./app", "image://svc/web?bin=w-1", "krust://../x-y", "image://ä b/web"] as const;
const STYLES = ["plain", "single", "double", "literal", "folded", "anchored"] as const;
const PLAIN = [
  "yes",
  "0o17",
  "1_000",
  "~",
  "'it''s image://no'",
  '"\\u00e9 \\"image://no\\""',
  "x # image://no",
  "*a0",
];

interface Leaf {
  readonly uri: (typeof URIS)[number] | undefined;
  readonly style: (typeof STYLES)[number];
  readonly plain: string;
  readonly comment: string;
}

type Tree = Leaf | { readonly kind: "map" | "list"; readonly children: readonly Tree[] };

const leaf: fc.Arbitrary<Leaf> = fc.record({
  uri: fc.option(fc.constantFrom(...URIS), { nil: undefined }),
  style: fc.constantFrom(...STYLES),
  plain: fc.constantFrom(...PLAIN),
  comment: fc.constantFrom("", " # c", "   # image://no: {"),
});

const tree: fc.Arbitrary<Tree> = fc.letrec<{ readonly tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({
      kind: fc.constantFrom<"map" | "list">("map", "list"),
      children: fc.array(tie("tree"), { minLength: 1, maxLength: 4 }),
    }),
  ),
})).tree;

/** Streams of one to three documents, in all styles of scalars, with both line ends, with and without a byte-order mark. */
export const manifestSample: fc.Arbitrary<ManifestSample> = fc.record({
  documents: fc.array(fc.array(tree, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  newline: fc.constantFrom("\n", "\r\n"),
  start: fc.constantFrom("", "\uFEFF", "# image://no\n", "---\n"),
  end: fc.constantFrom("", "\n# end\n", "...\n"),
}).map(({ documents, end, newline, start }) => {
  const written = (write: (leaf: Leaf, indent: string) => string): string => {
    const texts = documents.map((children) => `a0: &a0 z\n${block({ kind: "map", children }, "", write)}`);
    return `${start}${texts.join("---\n")}${end}`.replaceAll("\n", newline);
  };
  const references: string[] = [];
  const text = written((each, indent) => {
    if (each.uri !== undefined) references.push(each.uri);
    return source(each, indent);
  });
  return { text, references, uris: URIS, wanted: (image) => written((each) => result(each, image)) };
});

function block(node: Tree, indent: string, write: (leaf: Leaf, indent: string) => string): string {
  if (!("kind" in node)) return write(node, indent);
  return node.children.map((child, index) => {
    const head = node.kind === "map" ? `${indent}k${index}:` : `${indent}-`;
    return "kind" in child
      ? `${head}\n${block(child, `${indent}  `, write)}`
      : `${head} ${write(child, `${indent}  `)}`;
  }).join("");
}

/** How a file may write it. */
function source({ comment, plain, style, uri }: Leaf, indent: string): string {
  if (uri === undefined) return `${plain}${comment}\n`;
  switch (style) {
    case "plain":
      return `${uri}${comment}\n`;
    case "anchored":
      return `&b !!str ${uri}${comment}\n`;
    case "single":
      return `'${uri}'${comment}\n`;
    case "double":
      return `"${uri.replace("//", "\\/\\x2f")}"${comment}\n`;
    case "literal":
      return `|${comment}\n${indent}${uri}\n\n`;
    case "folded":
      return `>-${comment}\n${indent}${uri}\n`;
  }
}

function result({ comment, plain, style, uri }: Leaf, image: string): string {
  if (uri === undefined) return `${plain}${comment}\n`;
  const props = style === "anchored" ? "&b !!str " : "";
  return `${props}"${image}"${comment}\n${style === "literal" ? "\n" : ""}`;
}
