/** What the module imports; the file's name is the import's module name. */

/** Calls the guest's tracer for an object of kind CUSTOM; it calls the export `visit` for each reference. See src/heap/tracers.ts. */
export declare function trace(object: usize): void;
