import type { Rule } from "./rule.ts";
import { noCircles, noFolderCircles } from "./rules/circles.ts";
import { environmentInConfig } from "./rules/environment.ts";
import { membersByFace, noBarrels } from "./rules/faces.ts";
import { floors } from "./rules/floors.ts";
import { knownRooms, noNodeModules } from "./rules/folders.ts";
import { layerPackages } from "./rules/layer_packages.ts";
import { layers } from "./rules/layers.ts";
import { importsFromCatalogue, literalImports, noJsr, oneCatalogue } from "./rules/packages.ts";
import { mainsRefuseFirst, tasksRefuse } from "./rules/refusal.ts";
import { roomImports } from "./rules/room_imports.ts";
import { testCode } from "./rules/test_code.ts";
import { samePackageVersions, sameRuntimeVersion } from "./rules/versions.ts";

/** Everything that is held about the shape of this workspace. */
export const RULES: readonly Rule[] = [
  knownRooms,
  roomImports,
  testCode,
  membersByFace,
  noBarrels,
  noCircles,
  noFolderCircles,
  layers,
  floors,
  layerPackages,
  environmentInConfig,
  oneCatalogue,
  importsFromCatalogue,
  literalImports,
  noJsr,
  noNodeModules,
  samePackageVersions,
  sameRuntimeVersion,
  mainsRefuseFirst,
  tasksRefuse,
];
