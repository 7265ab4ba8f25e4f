const UNIT_MS: ReadonlyMap<string, number> = new Map([["ms", 1], ["s", 1000], ["m", 60_000], [
  "h",
  3_600_000,
]]);
const LIMIT_MS = 24 * 3_600_000;

/**
 * Reads a time such as `10m` or `1h30m` as milliseconds; `undefined` when it is none, zero, or more than the limit, which is
 * 24 hours when nobody says otherwise.
 */
export function readDuration(text: string, limitMs = LIMIT_MS): number | undefined {
  if (!/^(?:\d{1,9}(?:ms|s|m|h))+$/.test(text)) return undefined;
  let sumMs = 0;
  for (const [, digits = "", unit = ""] of text.matchAll(/(\d+)(ms|s|m|h)/g)) {
    sumMs += Number(digits) * (UNIT_MS.get(unit) ?? 0);
  }
  return sumMs > 0 && sumMs <= limitMs ? sumMs : undefined;
}
