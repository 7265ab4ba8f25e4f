/** At most so many texts are tried. */
const TRIES = 20_000;

/** Takes slices out of a text as long as it still fails, large ones first, until none of any size can be spared. */
export function shrinkText(text: string, fails: (text: string) => boolean): string {
  let shortest = text;
  let tries = 0;
  for (let before = ""; before !== shortest && tries < TRIES;) {
    before = shortest;
    for (let size = shortest.length >> 1; size >= 1; size -= Math.max(1, size >> 2)) {
      for (let at = 0; at < shortest.length && tries < TRIES; tries++) {
        const shorter = shortest.slice(0, at) + shortest.slice(at + size);
        if (fails(shorter)) shortest = shorter;
        else at += Math.max(1, size >> 1);
      }
    }
  }
  return shortest;
}
