import * as tags from "./constants.ts";
import type { FormatRules } from "./format-rules.ts";

/**
 * Checks the constant pool, JVMS §4.4: first that entries refer to entries of the right kind, then the names and
 * descriptors they refer to. Which BootstrapMethods rows are used is left in `rules.maxBootstrapIndex`.
 */
export function checkConstants(rules: FormatRules): void {
  checkReferences(rules);
  checkNames(rules);
}

function checkReferences(rules: FormatRules): void {
  const { constants } = rules;
  const mustBe = (index: number, tag: number) => {
    if (constants.tag(index) !== tag) rules.fail(`Invalid constant pool index ${index}`);
  };
  for (let index = 1; index < constants.size; index++) {
    switch (constants.tag(index)) {
      case tags.TAG_FIELDREF:
      case tags.TAG_METHODREF:
      case tags.TAG_INTERFACE_METHODREF:
        mustBe(constants.operand(index, 0), tags.TAG_CLASS);
        mustBe(constants.operand(index, 1), tags.TAG_NAME_AND_TYPE);
        break;
      case tags.TAG_NAME_AND_TYPE:
        mustBe(constants.operand(index, 0), tags.TAG_UTF8);
        mustBe(constants.operand(index, 1), tags.TAG_UTF8);
        break;
      case tags.TAG_CLASS:
      case tags.TAG_STRING:
      case tags.TAG_METHOD_TYPE:
        mustBe(constants.operand(index, 0), tags.TAG_UTF8);
        break;
      case tags.TAG_METHOD_HANDLE:
        checkHandle(rules, index);
        break;
      case tags.TAG_DYNAMIC:
      case tags.TAG_INVOKE_DYNAMIC:
        rules.maxBootstrapIndex = Math.max(rules.maxBootstrapIndex, constants.operand(index, 0));
        mustBe(constants.operand(index, 1), tags.TAG_NAME_AND_TYPE);
        break;
    }
  }
}

/** JVMS §4.4.8. */
function checkHandle(rules: FormatRules, index: number): void {
  const { constants } = rules;
  const [kind, reference] = handleParts(rules, index);
  if (reference === 0 || reference >= constants.size) rules.fail(`Invalid constant pool index ${reference}`);
  const tag = constants.tag(reference);
  const wrong = (what: string): never =>
    rules.reader.fail(`Invalid constant pool index ${reference} in class file ${rules.source} (not ${what})`);
  switch (kind) {
    case 1: // getField
    case 2: // getStatic
    case 3: // putField
    case 4: // putStatic
      if (tag !== tags.TAG_FIELDREF) wrong("a field");
      break;
    case 5: // invokeVirtual
    case 8: // newInvokeSpecial
      if (tag !== tags.TAG_METHODREF) wrong("a method");
      break;
    case 6: // invokeStatic
    case 7: // invokeSpecial
      if (tag !== tags.TAG_METHODREF && !(rules.major >= 52 && tag === tags.TAG_INTERFACE_METHODREF)) wrong("a method");
      break;
    case 9: // invokeInterface
      if (tag !== tags.TAG_INTERFACE_METHODREF) wrong("an interface method");
      break;
    default:
      rules.fail(`Bad method handle kind at constant pool index ${index}`);
  }
}

/** reference_kind and reference_index. */
function handleParts(rules: FormatRules, index: number): [number, number] {
  const { bytes } = rules.constants;
  const at = rules.constants.offsetOf(index) + 1;
  return [bytes[at] as number, ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)];
}

function checkNames(rules: FormatRules): void {
  const { constants } = rules;
  for (let index = 1; index < constants.size; index++) {
    switch (constants.tag(index)) {
      case tags.TAG_CLASS:
        rules.className(constants.className(index));
        break;
      case tags.TAG_NAME_AND_TYPE: {
        const { name, descriptor } = constants.nameAndType(index);
        if (descriptor === "") emptyEntry(rules, constants.operand(index, 1));
        if (name === "") emptyEntry(rules, constants.operand(index, 0));
        if (isMethod(descriptor)) {
          rules.methodName(name);
          rules.methodSignature(name, descriptor);
        } else {
          rules.fieldName(name);
          rules.fieldSignature(name, descriptor);
        }
        break;
      }
      case tags.TAG_DYNAMIC: {
        const { name, descriptor } = constants.nameAndType(constants.operand(index, 1));
        if (isMethod(descriptor)) rules.illegalSignature("CONSTANT_Dynamic", name, descriptor);
        break;
      }
      case tags.TAG_FIELDREF: {
        const { name, descriptor } = constants.nameAndType(constants.operand(index, 1));
        if (isMethod(descriptor)) rules.illegalSignature("Field", name, descriptor);
        break;
      }
      case tags.TAG_METHODREF:
      case tags.TAG_INTERFACE_METHODREF:
      case tags.TAG_INVOKE_DYNAMIC: {
        const pair = constants.operand(index, 1);
        const { name, descriptor } = constants.nameAndType(pair);
        if (!isMethod(descriptor)) rules.illegalSignature("Method", name, descriptor);
        if (constants.tag(index) === tags.TAG_METHODREF && name.startsWith("<") && name !== "<init>") {
          rules.fail(`Bad method name at constant pool index ${constants.operand(pair, 0)}`);
        }
        break;
      }
      case tags.TAG_METHOD_HANDLE:
        checkHandleName(rules, index);
        break;
      case tags.TAG_METHOD_TYPE:
        rules.methodSignature("type", constants.methodType(index));
        break;
    }
  }
}

/** JVMS §4.4.8: only newInvokeSpecial names <init>. */
function checkHandleName(rules: FormatRules, index: number): void {
  const { constants } = rules;
  const [kind, reference] = handleParts(rules, index);
  if (kind < 5 || kind > 8) return;
  const pair = constants.operand(reference, 1);
  const isInit = constants.nameAndType(pair).name === "<init>";
  if (isInit === (kind === 8)) return;
  rules.fail(`Bad ${kind === 8 ? "constructor" : "method"} name at constant pool index ${constants.operand(pair, 0)}`);
}

function isMethod(descriptor: string): boolean {
  return descriptor.charCodeAt(0) === 0x28 /* ( */;
}

function emptyEntry(rules: FormatRules, index: number): never {
  rules.reader.fail(`Illegal zero length constant pool entry at ${index} in class ${rules.source}`);
}
