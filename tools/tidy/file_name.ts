import { projectPath } from "./file_place.ts";

/** Names that say nothing of what a file holds. */
const EMPTY_NAMES: readonly string[] = [
  "common",
  "helper",
  "helpers",
  "index",
  "misc",
  "types",
  "util",
  "utils",
];
const SNAKE_CASE = /^_?[a-z0-9]+(?:_[a-z0-9]+)*$/;

/** A file is named in snake_case after the one idea it holds. */
export const fileName: Deno.lint.Rule = {
  create(context) {
    const name = projectPath(context.filename).replace(/^.*\//, "").replace(/\.tsx?$/, "");
    const subject = name.replace(/^_/, "").replace(/_test$/, "");
    return {
      Program(node) {
        if (EMPTY_NAMES.includes(subject)) {
          context.report({
            node,
            message: `The file name "${name}" says nothing`,
            hint: "Name it after its main export",
          });
        } else if (!SNAKE_CASE.test(name)) {
          context.report({ node, message: `The file name "${name}" is not in snake_case` });
        }
      },
    };
  },
};
