/** The functions of constraints, each with how many arguments it takes; what stands before the dot counts as one. */
export const CALL_ARITIES = {
  size: 1,
  int: 1,
  double: 1,
  string: 1,
  contains: 2,
  startsWith: 2,
  endsWith: 2,
  matches: 2,
  lowerAscii: 1,
  upperAscii: 1,
  trim: 1,
  split: 2,
  join: 2,
} as const;

export type CallName = keyof typeof CALL_ARITIES;

/** Functions that stand before their argument; all others are written after a dot. `size` goes both ways. */
const PLAIN_NAMES: readonly string[] = ["size", "int", "double", "string"];

/** Which function is called by `name` with so many arguments, before or behind a dot. */
export function callName(
  name: string,
  style: "plain" | "dotted",
  argumentCount: number,
): CallName | undefined {
  const isStyled = style === "plain"
    ? PLAIN_NAMES.includes(name)
    : !PLAIN_NAMES.includes(name) || name === "size";
  return isCallName(name) && isStyled && CALL_ARITIES[name] === argumentCount ? name : undefined;
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(CALL_ARITIES, name);
}
