import { hasErrors } from "../lang/diagnostic.ts";
import { parse } from "../lang/parse.ts";
import { replaceSpans } from "../lang/replace_spans.ts";
import { sourceText } from "../lang/source_text.ts";
import type { SyntaxTree } from "../lang/syntax_tree.ts";
import type { Vault } from "../trust/vault_port.ts";
import { ciphertextsOf, type SourceCiphertext } from "./source_ciphertexts.ts";

/** A file's text in which ciphertexts have been encrypted anew. */
export interface RenewedText {
  readonly text: string;
  /** The new ciphertexts, each with its place. */
  readonly renewed: readonly Pick<SourceCiphertext, "place" | "text">[];
  /** Those that did not open: they stand in the new text as they were. */
  readonly unopened: readonly SourceCiphertext[];
}

/**
 * Encrypts the ciphertexts of a file anew, each in its place. The new text is read again and its ciphertexts are opened before
 * it is given: `undefined` when it does not say what the old one said.
 */
export async function renewText(
  vault: Pick<Vault, "openSource" | "sealSource">,
  tree: SyntaxTree,
  isOld: (ciphertext: SourceCiphertext) => boolean,
): Promise<RenewedText | undefined> {
  const before = inOrder(tree);
  const unopened: SourceCiphertext[] = [];
  const clear = new Map<SourceCiphertext, string>();
  const texts = new Map<SourceCiphertext, string>();
  for (const each of before.filter(isOld)) {
    const opened = await vault.openSource(each.place, each.text);
    if (!opened.ok) unopened.push(each);
    else {
      clear.set(each, opened.value);
      texts.set(each, await vault.sealSource(each.place, opened.value));
    }
  }
  const { file, text } = tree.source;
  const edits = Array.from(texts, ([{ span }, made]) => ({ span, text: `"${made}"` }));
  const made = replaceSpans(text, edits);
  if (made === undefined) return undefined;
  const { tree: madeTree, diagnostics } = parse(sourceText(file, made));
  const after = inOrder(madeTree);
  const isSame = !hasErrors(diagnostics) && after.length === before.length &&
    before.every((each, at) =>
      after[at]?.place === each.place && after[at].text === (texts.get(each) ?? each.text)
    );
  if (!isSame) return undefined;
  for (const [each, wanted] of clear) {
    const opened = await vault.openSource(each.place, texts.get(each) ?? "");
    if (!opened.ok || opened.value !== wanted) return undefined;
  }
  const renewed = Array.from(texts, ([{ place }, each]) => ({ place, text: each }));
  return { text: made, renewed, unopened };
}

/** As they stand in the text: places are told by kind, fields before sections. */
function inOrder(tree: SyntaxTree): readonly SourceCiphertext[] {
  return Array.from(ciphertextsOf(tree)).sort((one, other) => one.span.start - other.span.start);
}
