/** The door of `src/log/`: lines about what the VM does, with tags and levels, to the standard streams and to files. */

export {
  COLLECTION_NAMES,
  type CollectionNames,
  heapLines,
  logCollections,
  logEnd,
  logStart,
  stopWriter,
} from "./collections.ts";
export { DECORATORS, LEVELS, type Level, LogConfiguration, TAGS } from "./configuration.ts";
export { closeLog, Log, type LogFailure, type LogPlan, type LogWriter, openLog } from "./log.ts";
