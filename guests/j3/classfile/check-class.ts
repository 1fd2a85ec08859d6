import type { Attribute } from "./attributes.ts";
import { checkComponentAttributes } from "./check-members.ts";
import * as tags from "./constants.ts";
import { ClassFormatFailure } from "./failure.ts";
import {
  ACC_ABSTRACT,
  ACC_FINAL,
  ACC_INTERFACE,
  ACC_MODULE,
  ACC_PRIVATE,
  ACC_PROTECTED,
  ACC_STATIC,
  CLASS_FLAGS,
  hexFlags,
  legalClassFlags,
} from "./flags.ts";
import type { FormatRules } from "./format-rules.ts";

const LOADABLE = new Set([
  tags.TAG_INTEGER,
  tags.TAG_FLOAT,
  tags.TAG_LONG,
  tags.TAG_DOUBLE,
  tags.TAG_CLASS,
  tags.TAG_STRING,
  tags.TAG_METHOD_HANDLE,
  tags.TAG_METHOD_TYPE,
  tags.TAG_DYNAMIC,
]);

/** Attributes of which there may be one, whose contents are not looked at. */
const OPAQUE = new Set([
  "RuntimeVisibleAnnotations",
  "RuntimeInvisibleAnnotations",
  "RuntimeVisibleTypeAnnotations",
  "RuntimeInvisibleTypeAnnotations",
]);

const badClassAttribute = (index: number) => `Attribute name has bad constant pool index ${index}`;

/** JVMS §4.1. `flags` are masked. A module descriptor is a NoClassDefFoundError. */
export function checkClassFlags(rules: FormatRules, flags: number): void {
  if ((flags & ACC_MODULE) !== 0) {
    const message = `${rules.source} is not a class because access_flag ACC_MODULE is set`;
    throw new ClassFormatFailure("NoClassDefFoundError", message, rules.source, rules.reader.position);
  }
  if (!legalClassFlags(flags, rules.major)) {
    rules.reader.fail(`Illegal class modifiers in class ${rules.source}: ${hexFlags(flags)}`);
  }
}

/**
 * Reads and checks the attributes of a class, JVMS §4.7. The reader stands before attributes_count and is left after
 * the last attribute. An InnerClasses attribute whose rows contradict each other is left out of the answer, as
 * HotSpot ignores it.
 */
export function checkClassAttributes(rules: FormatRules, classFlags: number): Attribute[] {
  const { reader, major } = rules;
  reader.need(2);
  const found = new Map<string, Attribute>();
  let attributes: Attribute[] = [];
  for (let left = reader.u2(); left > 0; left--) {
    const attribute = rules.attributeHeader(badClassAttribute);
    const { name, length } = attribute;
    attributes.push(attribute);
    const seen = found.has(name);
    const once = () => {
      if (seen) rules.fail(`Multiple ${name} attributes`);
      found.set(name, attribute);
    };
    switch (since(name, major)) {
      case "SourceFile": {
        if (length !== 2) rules.fail("Wrong SourceFile attribute length");
        once();
        const index = reader.u2();
        if (!rules.isUtf8(index)) rules.fail(`Invalid SourceFile attribute at constant pool index ${index}`);
        break;
      }
      case "Synthetic":
      case "Deprecated":
        if (length !== 0) rules.fail(`Invalid ${name} classfile attribute length ${length}`);
        break;
      case "Signature": {
        once();
        if (length !== 2) rules.fail(`Wrong Signature attribute length ${length}`);
        const index = reader.u2();
        if (!rules.isUtf8(index)) rules.fail(`Invalid constant pool index ${index} in Signature attribute`);
        break;
      }
      case "EnclosingMethod":
        once();
        if (length !== 4) rules.fail(`Wrong EnclosingMethod attribute length ${length}`);
        checkEnclosingMethod(rules);
        break;
      case "BootstrapMethods":
        once();
        checkBootstraps(rules, length);
        break;
      case "NestMembers":
        once();
        if (found.has("NestHost")) rules.fail("Conflicting NestHost and NestMembers attributes");
        reader.skip(length);
        break;
      case "NestHost": {
        once();
        if (found.has("NestMembers")) rules.fail("Conflicting NestMembers and NestHost attributes");
        if (length !== 2) rules.fail("Wrong NestHost attribute length");
        const index = reader.u2();
        if (!rules.isClass(index)) rules.fail(`Nest-host class_info_index ${index} has bad constant type`);
        break;
      }
      case "PermittedSubclasses":
        if (seen) once();
        if ((classFlags & ACC_FINAL) !== 0) {
          reader.fail(`PermittedSubclasses attribute in final class file ${rules.source}`);
        }
        once();
        reader.skip(length);
        break;
      case "InnerClasses":
      case "Record":
      case "SourceDebugExtension":
        once();
        reader.skip(length);
        break;
      case "opaque":
        once();
        reader.skip(length);
        break;
      default:
        reader.skip(length);
    }
  }
  const end = reader.position;
  const inner = found.get("InnerClasses");
  if (inner !== undefined && !checkInnerClasses(rules, inner)) {
    attributes = attributes.filter((attribute) => attribute !== inner);
  }
  checkClassList(rules, found.get("NestMembers"), "Nest member");
  checkRecord(rules, found.get("Record"));
  checkClassList(rules, found.get("PermittedSubclasses"), "Permitted subclass");
  reader.position = end;
  if (rules.maxBootstrapIndex >= 0 && !found.has("BootstrapMethods")) rules.fail("Missing BootstrapMethods attribute");
  return attributes;
}

/** The attribute's name if the version knows it, "opaque" for those only counted, "" otherwise. */
function since(name: string, major: number): string {
  switch (name) {
    case "Signature":
    case "EnclosingMethod":
      return major >= 49 ? name : "";
    case "BootstrapMethods":
      return major >= 51 ? name : "";
    case "NestHost":
    case "NestMembers":
      return major >= 55 ? name : "";
    case "Record":
      return major >= 60 ? name : "";
    case "PermittedSubclasses":
      return major >= 61 ? name : "";
    default:
      return OPAQUE.has(name) ? (major >= 49 ? "opaque" : "") : name;
  }
}

/** JVMS §4.7.7. */
function checkEnclosingMethod(rules: FormatRules): void {
  const { reader, constants } = rules;
  reader.need(4);
  const classIndex = reader.u2();
  const methodIndex = reader.u2();
  if (classIndex === 0) rules.fail("Invalid class index in EnclosingMethod attribute");
  if (!rules.isClass(classIndex)) rules.fail("Invalid or out-of-bounds class index in EnclosingMethod attribute");
  if (methodIndex !== 0 && constants.tag(methodIndex) !== tags.TAG_NAME_AND_TYPE) {
    rules.fail("Invalid or out-of-bounds method index in EnclosingMethod attribute");
  }
}

/** JVMS §4.7.23. */
function checkBootstraps(rules: FormatRules, length: number): void {
  const { reader, constants } = rules;
  if (length < 2) rules.fail(`Invalid BootstrapMethods attribute length ${length}`);
  reader.need(length);
  const start = reader.position;
  const count = reader.u2();
  if (rules.maxBootstrapIndex >= count) rules.fail("Short length on BootstrapMethods");
  // Shorts after the count; a row takes two and one per argument.
  const room = Math.floor((length - 2) / 2);
  let used = 0;
  for (let i = 0; i < count; i++) {
    reader.need(4);
    const methodIndex = reader.u2();
    const argumentCount = reader.u2();
    if (constants.tag(methodIndex) !== tags.TAG_METHOD_HANDLE) {
      rules.fail(`bootstrap_method_index ${methodIndex} has bad constant type`);
    }
    if (used + 1 + argumentCount >= room) {
      rules.fail("Invalid BootstrapMethods num_bootstrap_methods or num_bootstrap_arguments value");
    }
    used += 2 + argumentCount;
    reader.need(2 * argumentCount);
    for (let j = 0; j < argumentCount; j++) {
      const index = reader.u2();
      if (!LOADABLE.has(constants.tag(index))) rules.fail(`argument_index ${index} has bad constant type`);
    }
  }
  if (reader.position - start !== length) rules.fail("Bad length on BootstrapMethods");
}

/** JVMS §4.7.6. False if the rows go in a circle or give one class twice: the attribute is then ignored. */
function checkInnerClasses(rules: FormatRules, attribute: Attribute): boolean {
  const { reader, constants, major } = rules;
  reader.position = attribute.offset;
  const count = reader.u2();
  reader.need(8 * count);
  const rows: string[] = [];
  const outerOf = new Map<string, string | undefined>();
  let consistent = true;
  const innerIndices = new Set<number>();
  for (let i = 0; i < count; i++) {
    const inner = reader.u2();
    if (!rules.isClass(inner)) rules.fail(`inner_class_info_index ${inner} has bad constant type`);
    const outer = reader.u2();
    if (outer !== 0) {
      if (!rules.isClass(outer)) rules.fail(`outer_class_info_index ${outer} has bad constant type`);
      if (constants.className(outer).startsWith("[")) rules.fail("Outer class is an array class");
    }
    const name = reader.u2();
    if (name !== 0 && !rules.isUtf8(name)) rules.fail(`inner_name_index ${name} has bad constant type`);
    if (inner === outer) rules.fail("Class is both outer and inner class");
    let flags = reader.u2() & (CLASS_FLAGS | ACC_PRIVATE | ACC_PROTECTED | ACC_STATIC | (major >= 53 ? ACC_MODULE : 0));
    if ((flags & ACC_INTERFACE) !== 0 && major < 50) flags |= ACC_ABSTRACT;
    checkClassFlags(rules, flags);
    if (innerIndices.has(inner)) consistent = false;
    innerIndices.add(inner);
    rows.push(`${inner} ${outer} ${name} ${flags}`);
    const innerName = constants.className(inner);
    if (!outerOf.has(innerName)) outerOf.set(innerName, constants.optionalClassName(outer));
  }
  const circular = [...outerOf.keys()].some((name) => isCircular(name, outerOf));
  if (!circular && major >= 49 && new Set(rows).size !== rows.length) {
    rules.fail("Duplicate entry in InnerClasses attribute");
  }
  if (major >= 49 && attribute.length !== 2 + 8 * count) rules.fail("Wrong InnerClasses attribute length");
  return consistent && !circular;
}

function isCircular(start: string, outerOf: ReadonlyMap<string, string | undefined>): boolean {
  const passed = new Set<string>();
  for (let name: string | undefined = start; name !== undefined; name = outerOf.get(name)) {
    if (passed.has(name)) return true;
    passed.add(name);
  }
  return false;
}

/** NestMembers and PermittedSubclasses, JVMS §4.7.29 and §4.7.31. */
function checkClassList(rules: FormatRules, attribute: Attribute | undefined, what: string): void {
  if (attribute === undefined) return;
  const { reader } = rules;
  reader.position = attribute.offset;
  const count = reader.u2();
  reader.need(2 * count);
  for (let i = 0; i < count; i++) {
    const index = reader.u2();
    if (!rules.isClass(index)) rules.fail(`${what} class_info_index ${index} has bad constant type`);
  }
  if (attribute.length !== 2 + 2 * count) rules.fail(`Wrong ${attribute.name} attribute length`);
}

/** JVMS §4.7.30. */
function checkRecord(rules: FormatRules, attribute: Attribute | undefined): void {
  if (attribute === undefined) return;
  const { reader, constants } = rules;
  reader.position = attribute.offset;
  const count = reader.u2();
  for (let i = 0; i < count; i++) {
    reader.need(6);
    const nameIndex = reader.u2();
    if (!rules.isUtf8(nameIndex)) rules.fail(`Invalid constant pool index ${nameIndex} for name in Record attribute`);
    const name = constants.utf8(nameIndex);
    rules.fieldName(name);
    const typeIndex = reader.u2();
    if (!rules.isUtf8(typeIndex))
      rules.fail(`Invalid constant pool index ${typeIndex} for descriptor in Record attribute`);
    rules.fieldSignature(name, constants.utf8(typeIndex));
    checkComponentAttributes(rules);
  }
  if (reader.position - attribute.offset !== attribute.length) rules.fail("Record attribute has wrong length");
}
