/** Spelled in parts, so that a search for such marks finds none here. */
const MARKS = new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`);

/** What is left to do is done, or written where it is read. */
export const noTodo: Deno.lint.Rule = {
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const mark = MARKS.exec(comment.value)?.[0];
          if (mark === undefined) continue;
          context.report({ range: comment.range, message: `The comment holds "${mark}"`, hint: "Finish it" });
        }
      },
    };
  },
};
