import type { Provider } from "../provider.ts";
import { providerOfTypes } from "../type_adapter.ts";
import { commandType } from "./command_type.ts";
import { dataType } from "./data_type.ts";
import { directoryType } from "./directory_type.ts";
import { fileType } from "./file_type.ts";

/**
 * The provider `local`: values, files, folders and programs of this machine. Paths are relative to `root`, the absolute
 * path of the project's folder, and stay below it. The project is its own account: it may stand elsewhere tomorrow.
 */
export function localProvider(root: string): Provider {
  return providerOfTypes("local", "project", [
    dataType(),
    fileType(root),
    directoryType(root),
    commandType(root),
  ]);
}
