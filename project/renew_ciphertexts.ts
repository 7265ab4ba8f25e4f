import { join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { SourceText } from "../lang/source_text.ts";
import type { SyntaxTree } from "../lang/syntax_tree.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { ProjectFailure } from "./failure.ts";
import { type HiddenCiphertexts, hiddenCiphertexts } from "./hidden_ciphertexts.ts";
import { ENCRYPT_ANEW, type KeptPlace } from "./kept_place.ts";
import { renewText } from "./renew_text.ts";
import { replaceFile } from "./replace_file.ts";
import {
  mentions,
  readCiphertexts,
  type SourceCiphertext,
  type SourceCiphertexts,
} from "./source_ciphertexts.ts";
import type { Workspace } from "./workspace.ts";

/** What became of the ciphertexts in the files. */
export interface RenewedCiphertexts {
  readonly count: number;
  /** The files that were changed, by name. */
  readonly files: readonly string[];
  /** What old keys are still needed for, or may be, by key. */
  readonly left: ReadonlyMap<string, readonly KeptPlace[]>;
}

/**
 * Encrypts the ciphertexts under `old` keys anew under the active one, each in its place: everything else in the files stays,
 * byte for byte. What does not open, or stands where no secret can be, is left and told. So is whatever cannot be looked at.
 * What is left is told by a look at the files as they are when all has been written.
 */
export async function renewCiphertexts(
  workspace: Workspace,
  vault: Pick<Vault, "openSource" | "sealSource">,
  old: ReadonlySet<string>,
): Promise<Result<RenewedCiphertexts, ProjectFailure>> {
  if (old.size === 0) return ok({ count: 0, files: [], left: new Map() });
  const { root } = workspace.paths;
  const look = await readCiphertexts(workspace);
  const made: Renewed[] = [];
  const failed = new Map<string, string>();
  for (const tree of look.trees) {
    const { file } = tree.source;
    if (look.faulty.has(file) || !look.found.some((each) => isOldIn(tree, old, each))) continue;
    const renewed = await renewText(vault, tree, ({ dataKey }) => old.has(dataKey));
    if (renewed === undefined) failed.set(file, UNSURE);
    if (renewed === undefined || renewed.renewed.length === 0) continue;
    const written = await rewrite(join(root, file), tree.source, renewed.text);
    if (!written.ok) return written;
    const keys = new Set(look.found.filter((each) => isOldIn(tree, old, each)).map(({ dataKey }) => dataKey));
    made.push({ file, keys, ciphertexts: renewed.renewed });
  }
  const now = made.length === 0 ? look : await readCiphertexts(workspace);
  const hidden = await hiddenCiphertexts(root, new Set(now.trees.map(({ source }) => source.file)));
  const left = new Map<string, readonly KeptPlace[]>();
  for (const key of old) {
    const places = [
      ...leftIn(now, key, failed),
      ...lostFrom(now, key, made),
      ...outOfSight(now, hidden, key),
    ];
    if (places.length > 0) left.set(key, places);
  }
  const count = made.reduce((sum, { ciphertexts }) => sum + ciphertexts.length, 0);
  return ok({ count, files: made.map(({ file }) => file), left });
}

/** A file that was written. */
interface Renewed {
  readonly file: string;
  /** The keys that its ciphertexts were under. */
  readonly keys: ReadonlySet<string>;
  readonly ciphertexts: readonly Pick<SourceCiphertext, "place" | "text">[];
}

const UNSURE = "the file would not say the same with new ciphertexts in it";

function isOldIn(tree: SyntaxTree, old: ReadonlySet<string>, each: SourceCiphertext): boolean {
  return each.source === tree.source && old.has(each.dataKey);
}

/** Ciphertexts that still stand in the files. */
function leftIn(
  { trees, found, faulty, unplaced }: SourceCiphertexts,
  key: string,
  failed: ReadonlyMap<string, string>,
): readonly KeptPlace[] {
  const ofFaulty = trees.map(({ source }) => source)
    .filter(({ file, text }) => faulty.has(file) && mentions(text).has(key))
    .map(({ file }) => ({
      place: file,
      why: "it has an error, so that it is not certain what its ciphertexts are",
      hint: "mend what smelt validate tells of it",
    }));
  const ofFound = found.filter(({ dataKey, source }) => dataKey === key && !faulty.has(source.file))
    .map(({ origin, place, source }) => ({
      place: origin,
      why: failed.get(source.file) ?? `the ciphertext of ${place} does not open there`,
      hint: ENCRYPT_ANEW,
    }));
  const ofUnplaced = (unplaced.get(key) ?? []).filter((file) => !faulty.has(file)).map((file) => ({
    place: file,
    why: "a ciphertext stands where no secret can be, as in a comment",
    hint: "remove it",
  }));
  return [...ofFaulty, ...ofFound, ...ofUnplaced];
}

/** New ciphertexts that are no longer in the files: whoever put others there may have put the old ones. */
function lostFrom(
  { found }: SourceCiphertexts,
  key: string,
  made: readonly Renewed[],
): readonly KeptPlace[] {
  const here = new Set(found.map(({ source, place, text }) => nameOf(source.file, { place, text })));
  return made
    .filter(({ file, keys, ciphertexts }) =>
      keys.has(key) && !ciphertexts.every((each) => here.has(nameOf(file, each)))
    )
    .map(({ file }) => ({
      place: file,
      why: "it was changed right after its ciphertexts were encrypted anew",
      hint: "see whether it is as it should be",
    }));
}

function nameOf(file: string, { place, text }: Pick<SourceCiphertext, "place" | "text">): string {
  return [file, place, text].join("\n");
}

/** What the search for files does not see, or nobody can. */
function outOfSight(
  { unseen }: SourceCiphertexts,
  hidden: HiddenCiphertexts,
  key: string,
): readonly KeptPlace[] {
  const told = new Set(unseen.map(({ place }) => place));
  return [
    ...unseen,
    ...(hidden.files.get(key) ?? []).filter((file) => !told.has(file)).map((file) => ({
      place: file,
      why: "a ciphertext stands in it, and smelt does not look for files there",
      hint: "move the file to where smelt finds it, or make it anew with smelt secrets encrypt",
    })),
    ...hidden.unseen.filter(({ place }) => !told.has(place)),
  ];
}

/** A file that was changed since it was read is left alone. A link stays one: what it leads to is written. */
async function rewrite(
  path: string,
  source: SourceText,
  text: string,
): Promise<Result<void, ProjectFailure>> {
  const now = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await Deno.readFile(path));
  const mark = now.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  // The old key goes after this: the new text must be durable by then.
  if (now === mark + source.text) return await replaceFile(await Deno.realPath(path), mark + text);
  return err({
    kind: "Stale",
    message: `Cannot encrypt the secrets in "${source.file}" anew: it was changed meanwhile`,
    hint: "Run the command again",
  });
}

const BYTE_ORDER_MARK = "\ufeff";
