import { nearName } from "../engine/near_name.ts";

/** What is wrong with a command line, in the words of this program. */
export interface UsageError {
  readonly message: string;
  readonly hint: string;
}

/** What people write who know other tools, and what it is here. */
const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ["auto-approve", "--yes"],
  ["refresh", "--no-refresh"],
  ["reason", "--why"],
  ["format", "smelt fmt"],
  ["list", "smelt state ls"],
  ["output", "smelt query"],
  ["preview", "smelt plan"],
  ["detect-drift", "smelt drift"],
  ["up", "smelt apply"],
]);

/**
 * Makes it from a message of commander, which starts with `error: ` and a small letter, quotes by `'` and may end with
 * `(Did you mean …?)`. `options` are all that there are, without dashes.
 */
export function usageError(text: string, options: ReadonlySet<string>): UsageError {
  const [, body = text, near] = /^(?:error: )?([^]*?)\s*(?:\(Did you mean (.*)\?\))?$/.exec(text.trim()) ??
    [];
  const choice = choiceError(body);
  if (choice !== undefined) return choice;
  const message = body.replaceAll("'", '"').replace(/\. Expected /, ": expected ").replace(/\.$/, "");
  const meant = /^unknown (?:option|command) "(-{0,2})([^"=]*)/.exec(message);
  return {
    message: message.charAt(0).toUpperCase() + message.slice(1),
    hint: foreignHint(meant?.[1] ?? "", meant?.[2] ?? "", options) ?? nearHint(near),
  };
}

/** A value that is none of the few words that an option takes. */
function choiceError(body: string): UsageError | undefined {
  const match = /^option '(--[^ ']+)[^']*' argument '([^]*)' is invalid\. Allowed choices are (.*)\.$/.exec(
    body,
  );
  const [, option, value, words] = match ?? [];
  if (option === undefined || value === undefined || words === undefined) return undefined;
  return {
    message: `Cannot use "${value}" for ${option}: expected one of ${words}`,
    hint: nearHint(nearName(value, words.split(", "))),
  };
}

function foreignHint(dashes: string, word: string, options: ReadonlySet<string>): string | undefined {
  if (dashes === "-" && options.has(word)) return `Did you mean "--${word}"?`;
  const meant = FOREIGN_WORDS.get(word);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}

function nearHint(near: string | undefined): string {
  if (near === undefined) return "--help tells more";
  const names = near.replace(/^one of /, "").split(", ").map((name) => `"${name}"`);
  return names.length === 1 ? `Did you mean ${names[0]}?` : `Did you mean one of ${names.join(", ")}?`;
}
