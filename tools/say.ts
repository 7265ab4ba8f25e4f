/** Writes one line to standard output. The tools of this folder print through here and nowhere else. */
export function say(line: string): void {
  write(Deno.stdout, `${line}\n`);
}

/** What begins so is repeated by the runner of the gates, though the gate has passed. */
export const NOTE = "note: ";

/** Says what fails nothing and is to be known all the same. */
export function note(line: string): void {
  say(`${NOTE}${line}`);
}

/** Writes one line to standard error. */
export function complain(line: string): void {
  write(Deno.stderr, `${line}\n`);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}
