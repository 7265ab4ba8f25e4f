const SHOWN_ADDRESSES = 5;

/** Addresses on one line, each once; the first few of many. */
export function addressesText(addresses: readonly string[]): string {
  const all = [...new Set(addresses)];
  const hiddenCount = all.length - SHOWN_ADDRESSES;
  return `${all.slice(0, SHOWN_ADDRESSES).join(", ")}${hiddenCount > 0 ? ` and ${hiddenCount} more` : ""}`;
}
