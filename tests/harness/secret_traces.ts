import { join, relative } from "node:path";

/** Forms in which a secret may stand in bytes: as it is, in JSON, in a URL, in hex, and in base64 at each of three offsets. */
export function formsOf(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const url = encodeURIComponent(secret);
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset));
  return [
    ...new Set([
      secret,
      JSON.stringify(secret).slice(1, -1),
      url,
      url.toLowerCase(),
      bytes.toHex(),
      bytes.toHex().toUpperCase(),
      ...base64,
      ...base64.map((each) => each.replaceAll("+", "-").replaceAll("/", "_")),
    ]),
  ];
}

/** What any base64 of a text holds in which `bytes` stand at `offset` of a group of three: the ends, which others share, apart. */
function base64Core(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  const text = padded.toBase64();
  return text.slice(Math.ceil(offset * 8 / 6), Math.floor(padded.length * 8 / 6));
}

/** Names of the secrets of which a form stands in `text`. */
export function tracesIn(text: string, secrets: ReadonlyMap<string, string>): readonly string[] {
  return [...secrets].flatMap(([name, secret]) =>
    formsOf(secret).filter((form) => text.includes(form)).map((form) => `${name} as ${form.slice(0, 8)}…`)
  );
}

/** Names of the secrets of which a form stands in any file below `folder`, each with the file. */
export async function tracesBelow(
  folder: string,
  secrets: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const traces: string[] = [];
  for (const path of await filesBelow(folder)) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    traces.push(...tracesIn(text, secrets).map((each) => `${relative(folder, path)}: ${each}`));
  }
  return traces;
}

/** All files below a folder. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) paths.push(...await filesBelow(path));
    else paths.push(path);
  }
  return paths;
}
