/** Makes the entries of `folder` durable: a file that was made, renamed or removed in it stays so after a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using opened = await Deno.open(folder);
  await opened.sync();
}
