import type { ContainerRuntimeClient } from "testcontainers";

/** A container, as the engine's client hands it out. */
export type ContainerHandle = ReturnType<ContainerRuntimeClient["container"]["getById"]>;
