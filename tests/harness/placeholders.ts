/** What is replaced in all of one transcript, and what it is replaced by. */
export type FixedWords = readonly (readonly [found: string, word: string])[];

const TIME_REGEXP = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const ELAPSED_REGEXP = /(?<=[ (])\d+(?:\.\d+)?(?:ms|s)\b/g;
const SIZE_REGEXP = /\b\d+ bytes\b/g;
const ID_REGEXP = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,64})\b/g;
/** As much of an id as its short form shows. */
const SHORT_LENGTH = 8;

/**
 * Makes a replacer for what differs from run to run. Ids and hashes become `<id-N>`, numbered as they first come, the short
 * form of one like the whole: what was equal stays equal, and what differed differs. Times become `<time>`, durations
 * `<elapsed>` and sizes `<size> bytes`, as whether two of them are equal is chance.
 */
export function placeholders(words: FixedWords): (text: string) => string {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const short = id.slice(0, SHORT_LENGTH);
    const name = names.get(short) ?? `<id-${names.size + 1}>`;
    names.set(short, name);
    return name;
  };
  return (text) =>
    words.reduce((replaced, [found, word]) => replaced.replaceAll(found, word), text)
      .replaceAll(TIME_REGEXP, "<time>")
      .replaceAll(ELAPSED_REGEXP, "<elapsed>")
      .replaceAll(SIZE_REGEXP, "<size> bytes")
      .replaceAll(ID_REGEXP, nameOf);
}
