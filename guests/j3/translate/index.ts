/** The door of the translator: Java bytecode to IR. */
export { FREM, TRANSLATE_HOST } from "./host.ts";
export { Translator, translate } from "./translate.ts";
