/** The house rules that syntax can show, as a plugin of `deno lint`. Each rule is one file of `tools/tidy/`. */
import { fileName } from "./tidy/file_name.ts";
import { narrowCatch } from "./tidy/narrow_catch.ts";
import { noAny } from "./tidy/no_any.ts";
import { noCommentedCode } from "./tidy/no_commented_code.ts";
import { noEmptyCatch } from "./tidy/no_empty_catch.ts";
import { noExportStar } from "./tidy/no_export_star.ts";
import { noJsonEquality } from "./tidy/no_json_equality.ts";
import { noLocaleOrder } from "./tidy/no_locale_order.ts";
import { noModuleState } from "./tidy/no_module_state.ts";
import { noSleepInTests } from "./tidy/no_sleep_in_tests.ts";
import { noTodo } from "./tidy/no_todo.ts";
import { noVagueName } from "./tidy/no_vague_name.ts";
import { pureCore } from "./tidy/pure_core.ts";
import { scrubbedSinks } from "./tidy/scrubbed_sinks.ts";

const tidy: Deno.lint.Plugin = {
  name: "tidy",
  rules: {
    "file-name": fileName,
    "narrow-catch": narrowCatch,
    "no-any": noAny,
    "no-commented-code": noCommentedCode,
    "no-empty-catch": noEmptyCatch,
    "no-export-star": noExportStar,
    "no-json-equality": noJsonEquality,
    "no-locale-order": noLocaleOrder,
    "no-module-state": noModuleState,
    "no-sleep-in-tests": noSleepInTests,
    "no-todo": noTodo,
    "no-vague-name": noVagueName,
    "pure-core": pureCore,
    "scrubbed-sinks": scrubbedSinks,
  },
};

export default tidy;
