/** The program that the blocks of docs/embedding.md are, one after the other; `mod` is where it finds smelt. */
export async function guideProgram(mod: string): Promise<string> {
  const page = await Deno.readTextFile("docs/embedding.md");
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.join("\n").replaceAll("./mod.ts", mod);
}
