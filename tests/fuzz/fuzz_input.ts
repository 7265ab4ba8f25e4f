import { changeText, mutated } from "../../lang/mutation_arbitrary.ts";
import { declarations, syntaxFile } from "../../lang/syntax_arbitrary.ts";
import { anyText } from "../../lang/text_arbitrary.ts";
import { SeededRandom } from "../support/seeded_random.ts";

/** The text of one seed: a file without mistakes, one with a few edits, two spliced, or text that is no file at all. */
export function fuzzInput(seed: number): string {
  const random = new SeededRandom(seed);
  switch (random.below(8)) {
    case 0:
    case 1:
      return syntaxFile(random);
    case 2:
      return changeText(random, syntaxFile(random));
    case 3:
      return anyText(random, 60);
    default:
      return mutated(random, declarations(random, 3), declarations(random, 2));
  }
}
