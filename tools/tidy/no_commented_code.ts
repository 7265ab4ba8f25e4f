const STATEMENT =
  /^(?:(?:export |import |const |let |var |return\b|throw |await |if \(|for \(|while \(|switch \(|class |function |async |type |interface ).*[;{]|[\w$.[\]]+ [-+]?= .*;|[\w$.]+\(.*\);|\} (?:else|catch).*\{|(?:case .*|default):)$/;

/** Prose rarely ends in `;` or `{`; code nearly always does. */
export const noCommentedCode: Deno.lint.Rule = {
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (comment.value.startsWith("*")) continue;
          const lines = comment.value.split("\n").map((line) => line.trim());
          if (!lines.some((line) => STATEMENT.test(line))) continue;
          context.report({
            range: comment.range,
            message: "The comment holds code",
            hint: "Delete it: git remembers",
          });
        }
      },
    };
  },
};
