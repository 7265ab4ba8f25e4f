const RULE_REGEXP = /^([a-z][a-z-]*) *= ([^;]*);/gm;

/** What is wrong with a grammar in EBNF: names without a rule, rules that nothing uses, and `words` that it lacks. */
export function checkGrammar(grammar: string, words: readonly string[]): readonly string[] {
  const rules = new Map([...grammar.matchAll(RULE_REGEXP)].map(([, name = "", body = ""]) => [name, body]));
  const bodies = [...rules.values()].join("\n");
  const literals = new Set([...bodies.matchAll(/"([^"]*)"/g)].map(([, literal = ""]) => literal));
  const names = new Set(
    bodies.replace(/"[^"]*"|\(\*.*?\*\)/gs, " ").match(/(?<![A-Za-z])[a-z][a-z-]*(?![A-Za-z])/g) ?? [],
  );
  const [first] = rules.keys();
  return [
    ...[...names].filter((name) => !rules.has(name)).map((name) => `no rule: ${name}`),
    ...[...rules.keys()].filter((name) => name !== first && !names.has(name)).map((name) =>
      `unused: ${name}`
    ),
    ...words.filter((word) => !literals.has(word)).map((word) => `missing: "${word}"`),
  ];
}
