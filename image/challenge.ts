/** One way in which a registry wants to be asked (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** In lower case, for example `bearer`. */
  readonly scheme: string;
  /** By their names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const SCHEME_REGEXP = new RegExp(`\\s*,*\\s*(${TOKEN})(?=\\s|,|$)(?!\\s*=)`, "y");
const PARAMETER_REGEXP = new RegExp(
  `\\s*,*\\s*(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))`,
  "y",
);

/** Reads the header `WWW-Authenticate`: several challenges, quoted texts, in any spacing. What it cannot read ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  for (let at = 0; at < header.length;) {
    PARAMETER_REGEXP.lastIndex = at;
    SCHEME_REGEXP.lastIndex = at;
    const parameter = PARAMETER_REGEXP.exec(header);
    if (parameter !== null && parameters !== undefined) {
      const [whole, name = "", quoted, plain = ""] = parameter;
      parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? plain);
      at += whole.length;
      continue;
    }
    const scheme = SCHEME_REGEXP.exec(header);
    if (scheme === null) return challenges;
    parameters = new Map();
    challenges.push({ scheme: (scheme[1] ?? "").toLowerCase(), parameters });
    at += scheme[0].length;
  }
  return challenges;
}
