/** Files without errors, built from the grammar by choices: as pieces, which are tokens that must stay together. */
import {
  type Choices,
  gap,
  mayTouch,
  nameText,
  pick,
  plainToken,
  several,
  stringToken,
  WORDS,
} from "./text_arbitrary.ts";

/** Tokens in order. */
export type Pieces = readonly string[];

/** Joins pieces by white space and comments. */
export function joinPieces(choices: Choices, pieces: Pieces): string {
  let text = choices.below(8) === 0 ? gap(choices, "may touch") : "";
  pieces.forEach((piece, index) => {
    const next = pieces[index + 1] ?? " ";
    text += piece + gap(choices, mayTouch(piece, next) ? "may touch" : "must part");
  });
  return text;
}

/** The declarations of a file, at most `most`. */
export function declarations(choices: Choices, most: number): Pieces {
  return several(choices, most, () => declaration(choices)).flat();
}

/** A whole file. */
export function syntaxFile(choices: Choices, most = 3): string {
  return joinPieces(choices, declarations(choices, most));
}

/** One declaration of any kind. */
export function declaration(choices: Choices): Pieces {
  switch (choices.below(12)) {
    case 6:
      return layer(choices);
    case 7:
    case 8:
      return component(choices);
    case 9:
      return ["use", name(choices), "as", name(choices), "{", ...fields(choices, word), "}"];
    case 10:
    case 11:
      return single(choices);
    default:
      return resource(choices);
  }
}

function single(choices: Choices): Pieces {
  switch (choices.below(5)) {
    case 0:
      return ["include", name(choices)];
    case 1:
      return ["moved", address(choices), "to", address(choices)];
    case 2:
      return ["removed", address(choices)];
    case 3:
      return ["import", name(choices), "to", address(choices)];
    default:
      return ["output", word(choices), "=", reference(choices)];
  }
}

function word(choices: Choices): string {
  return pick(choices, WORDS);
}

/** Few names, so that references hit; and any text at times. */
function name(choices: Choices): string {
  if (choices.below(6) === 5) return plainToken(choices, nameText(choices));
  return pick(choices, ['"a"', '"b-c"', '"x y"', '"q\\"q"', '"back\\\\slash"', '"größe"', '"__proto__"']);
}

function address(choices: Choices): string {
  return pick(choices, ['"a.b-c"', '"a.a"', '"a.a[k]"', '"a.\\"x y\\"[0]"', '"__proto__.__proto__"']);
}

function reference(choices: Choices): string {
  const kind = pick(choices, ["a", "b", '"k d"', "my-kind", "__proto__"]);
  const target = pick(choices, ["a", "b-c", "a-2x", "b-1-c", "v-_", '"x y"', '"größe"', '"${x}"', "a-9"]);
  const index = pick(choices, ["", "", '["k"]', "[0]", "[*]", '[ "a b" ]', "[k-1]", '["-0"]', "[-1]"]);
  return kind + "." + target + index + pick(choices, ["", ".arn", ".a.b-c", '."x y"']);
}

function number(choices: Choices): string {
  const sign = pick(choices, ["", "-"]);
  switch (choices.below(4)) {
    case 0:
      return sign + choices.below(100);
    case 1:
      return `${sign}${choices.below(1000)}.${choices.below(100_000)}`;
    case 2:
      return `${sign}9${String(choices.below(1_000_000)).padEnd(choices.below(300) + 1, "7")}.5`;
    default:
      return pick(choices, ["0", "-0", "9223372036854775807", "-9223372036854775808", "-0.0", "0.0000001"]);
  }
}

/** A value, at most `depth` brackets deep. */
export function value(choices: Choices, depth = 3): Pieces {
  switch (choices.below(depth > 0 ? 10 : 7)) {
    case 0:
    case 1:
      return [number(choices)];
    case 2:
      return [pick(choices, ["true", "false", "param.x", "param.n", "var.y"])];
    case 3:
      return [pick(choices, ["each.value", "each.index", "each.key", "each.value.f.g"])];
    case 4:
      return call(choices);
    case 7:
      return array(choices, depth - 1);
    case 8:
    case 9:
      return valueRecord(choices, depth - 1);
    default:
      return [stringToken(choices)];
  }
}

function call(choices: Choices): Pieces {
  const text = (): string => plainToken(choices, choices.below(2) === 0 ? "H" : nameText(choices));
  switch (choices.below(6)) {
    case 0:
      return ["env", "(", text(), ")"];
    case 1:
      return ["env", "(", text(), ",", text(), ")"];
    case 2:
      return [pick(choices, ["secret_env", "secret_file"]), "(", stringToken(choices), ")"];
    case 3:
      return ["secret_command", "(", text(), ...several(choices, 3, () => [",", text()]).flat(), ")"];
    default:
      return ["secret", "(", stringToken(choices), ")"];
  }
}

function array(choices: Choices, depth: number): Pieces {
  const items = several(choices, 4, () => value(choices, depth));
  const comma = choices.below(2) === 1 ? [","] : [];
  return [
    "[",
    ...items.flatMap((item, index) => index < items.length - 1 ? [...item, ","] : [...item, ...comma]),
    "]",
  ];
}

function valueRecord(choices: Choices, depth: number): Pieces {
  const entries = several(choices, 5, () => {
    const key = choices.below(2) === 0 ? word(choices) : name(choices);
    return [key, "=", ...value(choices, depth), ...(choices.below(2) === 1 ? [","] : [])];
  });
  return ["{", ...entries.flat(), "}"];
}

function fields(choices: Choices, key: (choices: Choices) => string): Pieces {
  return several(choices, 4, () => [key(choices), "=", ...value(choices)]).flat();
}

/** `count` and `for_each` are no fields where a resource's own fields stand. */
function plainWord(choices: Choices): string {
  const found = word(choices);
  return found === "for_each" ? "b" : found;
}

function sections(choices: Choices): readonly Pieces[] {
  const names = new Set(several(choices, 3, () => word(choices)));
  return [...names].map((each) => [each, "{", ...fields(choices, word), "}"]);
}

function annotation(choices: Choices): Pieces {
  const names = ["intent", "owner", "constraint", "lifecycle", "timeout", "ignore_changes"] as const;
  const text = choices.below(2) === 0
    ? pick(choices, ['"prevent_destroy"', '"create 10m"', '"self.a == 1"', '"a.b"'])
    : stringToken(choices);
  return [`@${pick(choices, names)}`, text];
}

function needs(choices: Choices): Pieces {
  const binding = pick<Pieces>(choices, [[], ["->", "x"], ["->", "section.x"], ["->", "section.y"], [
    "->",
    "__proto__",
  ]]);
  return ["needs", reference(choices), ...binding];
}

function expansion(choices: Choices): Pieces {
  switch (choices.below(8)) {
    case 1:
      return ["count", "=", String(choices.below(5))];
    case 2:
      return ["count", "=", pick(choices, ["param.n", "10001", "999999999999"])];
    case 3:
      return ["for_each", "=", ...array(choices, 2)];
    case 4:
      return ["for_each", "=", ...valueRecord(choices, 2)];
    case 5:
      return ["for_each", "=", "param.l"];
    default:
      return [];
  }
}

function resource(choices: Choices): Pieces {
  const kind = choices.below(4) === 0 ? [] : [choices.below(2) === 0 ? "a" : word(choices)];
  const type = pick(choices, ["a.b.C", "Thing", "local.File", "x.İ", "__proto__.constructor"]);
  const items = [
    ...several(choices, 3, () => annotation(choices)),
    expansion(choices),
    ...several(choices, 3, () => needs(choices)),
    ...sections(choices),
    ...several(choices, 4, () => [plainWord(choices), "=", ...value(choices)]),
  ];
  return ["resource", ...kind, name(choices), ":", type, "{", ...shuffled(choices, items).flat(), "}"];
}

function shuffled<T>(choices: Choices, items: readonly T[]): readonly T[] {
  const left = [...items];
  return items.map(() => left.splice(choices.below(left.length), 1)).flat();
}

function layer(choices: Choices): Pieces {
  const overrides = several(choices, 2, () => {
    const pattern = pick(choices, ["web.*", "*", "9.x*y", '"a b".c-d', "a.b.1", '"*".a', "a*-b.*"]);
    const unsets = several(choices, 2, () => ["unset", unsetPath(choices)]);
    const items = shuffled(choices, [...unsets, ...sections(choices), fields(choices, word)]);
    return ["override", pattern, "{", ...items.flat(), "}"];
  });
  const items = [...several(choices, 2, () => annotation(choices)), ...overrides];
  return ["layer", name(choices), "over", name(choices), "{", ...shuffled(choices, items).flat(), "}"];
}

function unsetPath(choices: Choices): string {
  return pick(choices, ["a", "b", "needs", "__proto__", "a.b", "x.a"]);
}

function component(choices: Choices): Pieces {
  const param = (): Pieces => {
    const type = pick(choices, ["String", "Integer", "Bool", "List", "Record", "Any"]);
    const fallback = choices.below(2) === 0 ? [] : ["=", ...value(choices, 1)];
    return ["param", pick(choices, ["x", "n", "l", "__proto__"]), ":", type, ...fallback];
  };
  const items = [
    ...several(choices, 3, param),
    ...several(choices, 1, () => annotation(choices)),
    ...several(choices, 2, () => resource(choices)),
  ];
  return ["component", name(choices), "{", ...shuffled(choices, items).flat(), "}"];
}
