import { KNOWN_EXAMPLES, SECRET_FILE_NAMES, SECRET_SHAPES } from "./supply_policy.ts";

/** Names what looks like a secret in one file: rule S12 of tools/supply.ts. What is found is not repeated, since others keep the output. */
export function secretBreaches(path: string, text: string): readonly string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isSecretFile = SECRET_FILE_NAMES.some((shape) => shape.test(name));
  return [
    ...(isSecretFile ? [`${path} is a file for secrets: keep it out of the tree`] : []),
    ...Object.entries(SECRET_SHAPES).flatMap(([what, shape]) =>
      linesOf(text, shape).map((line) => `${path}:${line} holds what looks like ${what}`)
    ),
  ];
}

function linesOf(text: string, shape: RegExp): readonly number[] {
  const found = [...text.matchAll(new RegExp(shape.source, "g"))];
  return found.filter(([match]) => !KNOWN_EXAMPLES.includes(match))
    .map(({ index }) => text.slice(0, index).split("\n").length);
}
