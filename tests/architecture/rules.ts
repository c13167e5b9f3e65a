import type { Rule } from "./rule.ts";
import { noCycles, noFolderCycles } from "./rules/cycles.ts";
import { environmentInConfig } from "./rules/environment.ts";
import { exportsOnly, noBarrels } from "./rules/exports.ts";
import { floors } from "./rules/floors.ts";
import { knownFolders, noNodeModules } from "./rules/folders.ts";
import { layerPackages } from "./rules/layer_packages.ts";
import { layers } from "./rules/layers.ts";
import { literalImports, noJsr, oneImportMap, packagesInImportMap } from "./rules/packages.ts";
import { mainsRefuseFirst, tasksRefuse } from "./rules/refusal.ts";
import { folderImports } from "./rules/folder_imports.ts";
import { testCode } from "./rules/test_code.ts";
import { samePackageVersions, sameRuntimeVersion } from "./rules/versions.ts";

/** Every rule of the workspace's architecture. */
export const RULES: readonly Rule[] = [
  knownFolders,
  folderImports,
  testCode,
  exportsOnly,
  noBarrels,
  noCycles,
  noFolderCycles,
  layers,
  floors,
  layerPackages,
  environmentInConfig,
  oneImportMap,
  packagesInImportMap,
  literalImports,
  noJsr,
  noNodeModules,
  samePackageVersions,
  sameRuntimeVersion,
  mainsRefuseFirst,
  tasksRefuse,
];
