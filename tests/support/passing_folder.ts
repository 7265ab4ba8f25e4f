/** Makes an empty folder that goes when the tests of the file have ended. */
export async function passingFolder(): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-test-" }));
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}
