import { join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { SourceText } from "../lang/source_text.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { ProjectFailure } from "./failure.ts";
import { replaceFile } from "./replace_file.ts";
import { readCiphertexts, type SourceCiphertext } from "./source_ciphertexts.ts";
import type { Workspace } from "./workspace.ts";

/** What became of the ciphertexts in the files. */
export interface RenewedCiphertexts {
  readonly count: number;
  /** The files that were changed, by name. */
  readonly files: readonly string[];
  /** Where ciphertexts under an old key are left, by key. */
  readonly left: ReadonlyMap<string, readonly string[]>;
}

/**
 * Encrypts the ciphertexts under `old` keys anew under the active one, each in its place: everything else in the files stays,
 * byte for byte. What does not open, or stands where no secret can be, is left and told.
 */
export async function renewCiphertexts(
  workspace: Workspace,
  vault: Pick<Vault, "openSource" | "sealSource">,
  old: ReadonlySet<string>,
): Promise<Result<RenewedCiphertexts, ProjectFailure>> {
  const { found, unplaced, unread } = await readCiphertexts(workspace);
  const left = new Map<string, readonly string[]>();
  for (const key of old) {
    const places = [...unplaced.get(key) ?? [], ...unread];
    if (places.length > 0) left.set(key, places);
  }
  const files: string[] = [];
  let count = 0;
  const ofOld = found.filter(({ dataKey }) => old.has(dataKey));
  for (const [source, ciphertexts] of Map.groupBy(ofOld, (each) => each.source)) {
    const { texts, unopened } = await renewedTexts(vault, ciphertexts);
    for (const { dataKey, origin } of unopened) left.set(dataKey, [...left.get(dataKey) ?? [], origin]);
    if (texts.size === 0) continue;
    const written = await rewrite(join(workspace.paths.root, source.file), source, texts);
    if (!written.ok) return written;
    files.push(source.file);
    count += texts.size;
  }
  return ok({ count, files, left });
}

async function renewedTexts(
  vault: Pick<Vault, "openSource" | "sealSource">,
  ciphertexts: readonly SourceCiphertext[],
): Promise<{
  readonly texts: ReadonlyMap<SourceCiphertext, string>;
  readonly unopened: readonly SourceCiphertext[];
}> {
  const texts = new Map<SourceCiphertext, string>();
  const unopened: SourceCiphertext[] = [];
  for (const each of ciphertexts) {
    const opened = await vault.openSource(each.place, each.text);
    if (opened.ok) texts.set(each, await vault.sealSource(each.place, opened.value));
    else unopened.push(each);
  }
  return { texts, unopened };
}

/** A file that was changed since it was read is left alone. */
async function rewrite(
  path: string,
  source: SourceText,
  texts: ReadonlyMap<SourceCiphertext, string>,
): Promise<Result<void, ProjectFailure>> {
  const now = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await Deno.readFile(path));
  const mark = now.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  if (now === mark + source.text) {
    // The old key goes after this: the new text must be durable by then.
    return await replaceFile(path, mark + edited(source, texts));
  }
  return err({
    kind: "Stale",
    message: `Cannot encrypt the secrets in "${source.file}" anew: it was changed meanwhile`,
    hint: "Run the command again",
  });
}

const BYTE_ORDER_MARK = "\ufeff";

function edited({ text }: SourceText, texts: ReadonlyMap<SourceCiphertext, string>): string {
  let made = "";
  let at = 0;
  for (const [{ span }, ciphertext] of texts) {
    made += `${text.slice(at, span.start)}"${ciphertext}"`;
    at = span.end;
  }
  return made + text.slice(at);
}
