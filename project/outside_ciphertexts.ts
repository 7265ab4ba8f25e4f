import { CIPHERTEXT_PREFIX } from "../engine/ciphertext.ts";
import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import { secretPlaces } from "../lang/secret_place.ts";
import { nameText } from "../lang/syntax_text.ts";
import { spanOf, type SyntaxTree } from "../lang/syntax_tree.ts";

/** Refuses the ciphertexts of a file outside of the project: a rotation would destroy their key without having seen them. */
export function refuseOutsideCiphertexts(tree: SyntaxTree): readonly Diagnostic[] {
  return Array.from(secretPlaces(tree))
    .filter(({ node }) => nameText(tree, node.text).startsWith(CIPHERTEXT_PREFIX))
    .map(({ node }) =>
      diagnostic(tree.source, spanOf(tree, { first: node.text, last: node.text }), {
        code: "E-SECRET",
        message: "Refuse the ciphertext: its file lies outside of the project, " +
          "where smelt secrets rotate does not find what is to be encrypted anew",
        hint: "move the file into the project, or take the secret from elsewhere, such as secret_env",
      })
    );
}
