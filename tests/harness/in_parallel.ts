/** Does `work` for each item, at most `width` at once, and gives the results in the order of the items. */
export async function inParallel<Item, T>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  const left = items.entries();
  await Promise.all(Array.from({ length: width }, async () => {
    for (const [index, item] of left) results[index] = await work(item);
  }));
  return results;
}
