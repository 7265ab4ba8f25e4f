import { hideCredentials } from "./credential_patterns.ts";
import { hideStretches, type Stretch } from "./hide_stretches.ts";
import { secretsOf } from "./scrub.ts";
import { clearTexts, formsOf, lengthOf, SHORTEST } from "./secret_forms.ts";
import { TextIndex } from "./text_index.ts";
import { Secret, type Value } from "./value.ts";

/** From so many characters on a secret is hidden wherever it stands, also inside a word. */
const LONG = 8;

/**
 * The clear texts that one process has met: secrets of its files, those that its vault opened and its providers told, and
 * credentials of its environment. Whatever leaves the process is asked of it. It lives as long as the process does, and so do
 * the texts; nothing shows them.
 *
 * Texts of 4 to 7 characters are hidden only in what others say (`scrubForeign`), and only as whole words there: in a result
 * `prod` or `1234` would be hidden everywhere. Shorter ones are never hidden.
 */
export class SecretRegister {
  readonly #known = new Set<string>();
  /** Texts of which the forms are not made yet: that waits until something is to be looked through. */
  #waiting: string[] = [];
  readonly #long = new TextIndex(LONG);
  readonly #short = new TextIndex(SHORTEST);

  /** Knows every open secret in `value` from now on. */
  note(value: Value): void {
    for (const secret of secretsOf(value)) {
      clearTexts(Secret.open(secret)).forEach((text) => this.noteText(text));
    }
  }

  /** Knows `text` from now on. */
  noteText(text: string): void {
    if (this.#known.has(text)) return;
    this.#known.add(text);
    this.#waiting.push(text);
  }

  /** Knows a key of bytes from now on, as text writes it. */
  noteBytes(bytes: Uint8Array): void {
    const hex = bytes.toHex();
    const spelt = [hex, hex.toUpperCase(), bytes.toBase64(), bytes.toBase64({ alphabet: "base64url" })];
    spelt.forEach((text) => this.noteText(text));
  }

  /** Whether `text` holds a known one of at least 8 characters. */
  isIn(text: string): boolean {
    this.#makeForms();
    return this.#long.isIn(text);
  }

  /** Puts `(sensitive)` in the place of every known text of at least 8 characters. */
  scrub(text: string): string {
    this.#makeForms();
    return hideStretches(text, this.#long.stretchesIn(text));
  }

  /**
   * The same for what smelt has not written itself, such as the message of a provider: short ones are hidden too where they
   * stand alone, and so is what is a credential by where it stands.
   */
  scrubForeign(text: string): string {
    this.#makeForms();
    const short = this.#short.stretchesIn(text).filter((each) => isWholeWord(text, each));
    return hideCredentials(hideStretches(text, [...this.#long.stretchesIn(text), ...short]));
  }

  #makeForms(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const text of waiting) {
      const isLong = lengthOf(text) >= LONG;
      for (const form of formsOf(text)) {
        if (!isLong) this.#short.add(form);
        else if (form.length >= LONG) this.#long.add(form);
      }
    }
  }
}

function isWholeWord(text: string, { start, end }: Stretch): boolean {
  return !isWordPart(text[start - 1]) && !isWordPart(text[end]);
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
