/** Who is told what happens: the screen of a program, a list in a test. */
export type Tell = (line: string) => void;

/** Prints a line: an embedding program speaks for itself, smelt never does. */
export function print(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}
