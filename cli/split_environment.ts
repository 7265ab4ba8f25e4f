/** Positional arguments of a command that takes an environment and files: the first one is a file when it ends in `.smelt`. */
export function splitEnvironment(args: readonly string[]): {
  readonly environment: string | undefined;
  readonly files: readonly string[];
} {
  const [first, ...rest] = args;
  if (first === undefined || first.endsWith(".smelt")) return { environment: undefined, files: args };
  return { environment: first, files: rest };
}
