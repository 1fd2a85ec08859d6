/**
 * Call sites of invokedynamic whose bootstrap methods are the JDK's and known: concatenation of strings, equals and hashCode of records.
 * Here they are recognised; sites.ts emits what their method handles come to.
 */
import type { ClassFile, ConstantPool } from "../classfile/index.ts";
import { skipFieldType, TAG_CLASS, TAG_INVOKE_DYNAMIC, TAG_METHOD_HANDLE, TAG_STRING } from "../classfile/index.ts";
import type { JField, JMethod, TranslateEnv } from "../model/types.ts";
import { ACC_FINAL, ACC_STATIC } from "../model/types.ts";

export type KnownSite =
  /** `parts` are the constants, and null for each argument; `params` the arguments' descriptors. */
  | { readonly kind: "concat"; readonly parts: readonly (string | null)[]; readonly params: readonly string[] }
  | { readonly kind: "equals" | "hashCode"; readonly record: JMethod["holder"]; readonly fields: readonly JField[] };

export const CONCAT_HELPER = "java/lang/StringConcatHelper";

const CONCAT =
  "java/lang/invoke/StringConcatFactory.makeConcatWithConstants(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;" +
  "Ljava/lang/invoke/MethodType;Ljava/lang/String;[Ljava/lang/Object;)Ljava/lang/invoke/CallSite;";
const RECORD =
  "java/lang/runtime/ObjectMethods.bootstrap(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;" +
  "Ljava/lang/invoke/TypeDescriptor;Ljava/lang/Class;Ljava/lang/String;[Ljava/lang/invoke/MethodHandle;)Ljava/lang/Object;";

const REF_GET_FIELD = 1;
const REF_INVOKE_STATIC = 6;
/** StringConcatFactory: a recipe has \1 for each argument and \2 for each constant that is no text of it. */
const ARGUMENT = "\u0001";
const CONSTANT = "\u0002";
/** JLS says nothing; StringConcatFactory.MAX_INDY_CONCAT_ARG_SLOTS. Above it linking fails. */
const MOST_SLOTS = 200;

/** What the instruction of the method at the constant pool index is; null if it has to be linked. */
export function knownSite(env: TranslateEnv, method: JMethod, index: number): KnownSite | null {
  const { file } = method.holder;
  if (file === null || file.constants.tag(index) !== TAG_INVOKE_DYNAMIC) return null;
  const { constants } = file;
  const { bootstrap, name, descriptor } = constants.invokeDynamic(index);
  const row = file.bootstrapMethods[bootstrap];
  if (row === undefined || constants.tag(row.methodIndex) !== TAG_METHOD_HANDLE) return null;
  const { kind, reference } = constants.methodHandle(row.methodIndex);
  if (kind !== REF_INVOKE_STATIC) return null;
  switch (`${reference.owner}.${reference.name}${reference.descriptor}`) {
    case CONCAT:
      return concatenation(env, method, constants, descriptor, row.argumentIndices);
    case RECORD:
      return recordMethod(env, method, file, name, descriptor, row.argumentIndices);
    default:
      return null;
  }
}

function parametersOf(descriptor: string): string[] {
  const params: string[] = [];
  let at = 1;
  while (descriptor.charCodeAt(at) !== 41 /* ) */) {
    const next = skipFieldType(descriptor, at);
    params.push(descriptor.slice(at, next));
    at = next;
  }
  return params;
}

function concatenation(
  env: TranslateEnv,
  method: JMethod,
  constants: ConstantPool,
  descriptor: string,
  args: readonly number[],
): KnownSite | null {
  const [recipeIndex] = args;
  if (recipeIndex === undefined || args.length !== 1 || constants.tag(recipeIndex) !== TAG_STRING) return null;
  const recipe = constants.string(recipeIndex);
  const params = parametersOf(descriptor);
  const texts = recipe.split(ARGUMENT);
  if (recipe.includes(CONSTANT) || params.length === 0 || texts.length !== params.length + 1) return null;
  if (params.length > MOST_SLOTS / 2 || !descriptor.endsWith(")Ljava/lang/String;")) return null;
  // Linking loads the classes of the arguments, and fails if it cannot.
  if (!params.every((each) => env.isLoaded(method.holder, each))) return null;
  if (env.libraryMethod(CONCAT_HELPER, "newString", "([BJ)Ljava/lang/String;") === null) return null;
  const parts = texts.flatMap((text, i) => [...(text === "" ? [] : [text]), ...(i < params.length ? [null] : [])]);
  return { kind: "concat", parts, params };
}

function recordMethod(
  env: TranslateEnv,
  method: JMethod,
  file: ClassFile,
  name: string,
  descriptor: string,
  args: readonly number[],
): KnownSite | null {
  const { constants } = file;
  const { holder } = method;
  const [classIndex, namesIndex, ...getters] = args;
  if (classIndex === undefined || namesIndex === undefined || (holder.flags & ACC_FINAL) === 0) return null;
  if (constants.tag(classIndex) !== TAG_CLASS || constants.className(classIndex) !== holder.name) return null;
  // Nothing but the record's own method has arguments of which the first is surely the record.
  const own = method.name === name && (method.flags & ACC_STATIC) === 0;
  const isHash = name === "hashCode" && descriptor === `(L${holder.name};)I`;
  const isEquals = name === "equals" && descriptor === `(L${holder.name};Ljava/lang/Object;)Z`;
  if (!own || (!isHash && !isEquals)) return null;
  const fields: JField[] = [];
  for (const index of getters) {
    if (constants.tag(index) !== TAG_METHOD_HANDLE) return null;
    const { kind, reference, referenceIndex } = constants.methodHandle(index);
    if (kind !== REF_GET_FIELD || reference.owner !== holder.name) return null;
    const field = env.fieldAt(method, referenceIndex, false, false);
    if (field === null || !env.isLoaded(holder, field.descriptor)) return null;
    fields.push(field);
  }
  return { kind: isHash ? "hashCode" : "equals", record: holder, fields };
}
