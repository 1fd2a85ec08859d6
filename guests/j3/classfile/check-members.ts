import type { Attribute } from "./attributes.ts";
import type { VariableTables } from "./check-code.ts";
import { checkCode, checkVariablesUnique } from "./check-code.ts";
import * as tags from "./constants.ts";
import { ACC_ABSTRACT, ACC_NATIVE, ACC_STATIC } from "./flags.ts";
import type { FormatRules } from "./format-rules.ts";

/**
 * Reads and checks the attributes of fields, methods and record components, JVMS §4.5 - §4.7. The reader stands
 * before attributes_count and is left after the last attribute.
 */

/** Attributes of which there may be one, by the version that knows them; their contents are not looked at. */
const OPAQUE = new Set([
  "RuntimeVisibleAnnotations",
  "RuntimeInvisibleAnnotations",
  "RuntimeVisibleTypeAnnotations",
  "RuntimeInvisibleTypeAnnotations",
]);
const OPAQUE_OF_METHODS = new Set([
  ...OPAQUE,
  "RuntimeVisibleParameterAnnotations",
  "RuntimeInvisibleParameterAnnotations",
  "AnnotationDefault",
]);

const badFieldAttribute = (index: number) => `Invalid field attribute index ${index}`;
const badMethodAttribute = (index: number) => `Invalid method attribute name index ${index}`;
const badRecordAttribute = (index: number) => `Invalid Record attribute name index ${index}`;

/** Fields, JVMS §4.5. `flags` are masked. */
export function checkFieldAttributes(rules: FormatRules, flags: number, descriptor: string): Attribute[] {
  const { reader } = rules;
  const seen = new Set<string>();
  const attributes: Attribute[] = [];
  for (let left = reader.u2(); left > 0; left--) {
    const attribute = rules.attributeHeader(badFieldAttribute);
    const { name, length } = attribute;
    attributes.push(attribute);
    if (name === "ConstantValue" && (flags & ACC_STATIC) !== 0) {
      if (seen.has(name)) rules.fail("Duplicate ConstantValue attribute");
      if (length !== 2) rules.fail(`Invalid ConstantValue field attribute length ${length}`);
      checkConstantValue(rules, reader.u2(), descriptor);
      seen.add(name);
    } else if (name === "Synthetic" || name === "Deprecated") {
      if (length !== 0) rules.fail(`Invalid ${name} field attribute length ${length}`);
    } else if (rules.major >= 49 && name === "Signature") {
      if (seen.has(name)) rules.fail("Multiple Signature attributes for field");
      if (length !== 2) rules.fail(`Wrong size ${length} for field's Signature attribute`);
      checkSignatureIndex(rules);
      seen.add(name);
    } else {
      once(rules, OPAQUE, attribute, seen, "field");
    }
  }
  return attributes;
}

/** Methods, JVMS §4.6. `argSlots` counts the receiver. */
export function checkMethodAttributes(rules: FormatRules, flags: number, argSlots: number): Attribute[] {
  const { reader } = rules;
  const hasNoCode = (flags & (ACC_NATIVE | ACC_ABSTRACT)) !== 0;
  const seen = new Set<string>();
  const attributes: Attribute[] = [];
  let tables: VariableTables | undefined;
  for (let left = reader.u2(); left > 0; left--) {
    const attribute = rules.attributeHeader(badMethodAttribute);
    const { name, length } = attribute;
    attributes.push(attribute);
    if (name === "Code") {
      if (hasNoCode) rules.fail("Code attribute in native or abstract methods");
      if (seen.has(name)) rules.fail("Multiple Code attributes");
      seen.add(name);
      tables = checkCode(rules, length, argSlots);
    } else if (name === "Exceptions") {
      if (seen.has(name)) rules.fail("Multiple Exceptions attributes");
      seen.add(name);
      checkExceptions(rules, length);
    } else if (name === "MethodParameters") {
      if (seen.has(name)) rules.fail("Multiple MethodParameters attributes");
      seen.add(name);
      const count = reader.u1();
      // HotSpot's message ends here, without the class.
      if (length !== 4 * count + 1)
        reader.fail(`Invalid MethodParameters method attribute length ${length} in class file`);
      reader.skip(4 * count);
    } else if (name === "Synthetic" || name === "Deprecated") {
      if (length !== 0) rules.fail(`Invalid ${name} method attribute length ${length}`);
    } else if (rules.major >= 49 && name === "Signature") {
      if (seen.has(name)) rules.fail("Multiple Signature attributes for method");
      if (length !== 2) rules.fail(`Invalid Signature attribute length ${length}`);
      checkSignatureIndex(rules);
      seen.add(name);
    } else {
      once(rules, OPAQUE_OF_METHODS, attribute, seen, "method");
    }
  }
  if (!hasNoCode && !seen.has("Code")) rules.fail("Absent Code attribute in method that is not native or abstract");
  if (tables !== undefined) checkVariablesUnique(rules, tables);
  return attributes;
}

/** Record components, JVMS §4.7.30. */
export function checkComponentAttributes(rules: FormatRules): void {
  const { reader } = rules;
  const seen = new Set<string>();
  for (let left = reader.u2(); left > 0; left--) {
    const attribute = rules.attributeHeader(badRecordAttribute);
    if (attribute.name === "Signature") {
      if (seen.has(attribute.name)) rules.fail("Multiple Signature attributes for Record component");
      if (attribute.length !== 2)
        rules.fail(`Invalid Signature attribute length ${attribute.length} in Record component`);
      checkSignatureIndex(rules);
      seen.add(attribute.name);
    } else {
      once(rules, OPAQUE, attribute, seen, "Record component");
    }
  }
}

/** Skips an attribute whose content is not looked at; a second one of a name in `names` is a fault. */
function once(rules: FormatRules, names: Set<string>, attribute: Attribute, seen: Set<string>, owner: string): void {
  const { name, length } = attribute;
  if (rules.major >= 49 && names.has(name)) {
    if (seen.has(name)) rules.fail(`Multiple ${name} attributes for ${owner}`);
    seen.add(name);
  }
  rules.reader.skip(length);
}

function checkSignatureIndex(rules: FormatRules): void {
  const index = rules.reader.u2();
  if (!rules.isUtf8(index)) rules.fail(`Invalid Signature attribute at constant pool index ${index}`);
}

/** JVMS §4.7.2 and table 4.7.2-A. */
function checkConstantValue(rules: FormatRules, index: number, descriptor: string): void {
  const { constants } = rules;
  if (index === 0 || index >= constants.size) rules.fail(`Bad initial value index ${index} in ConstantValue attribute`);
  const tag = constants.tag(index);
  let wanted: number;
  switch (descriptor.charCodeAt(0)) {
    case 0x4a: // J
      wanted = tags.TAG_LONG;
      break;
    case 0x46: // F
      wanted = tags.TAG_FLOAT;
      break;
    case 0x44: // D
      wanted = tags.TAG_DOUBLE;
      break;
    case 0x42: // B
    case 0x43: // C
    case 0x53: // S
    case 0x5a: // Z
    case 0x49: // I
      wanted = tags.TAG_INTEGER;
      break;
    case 0x4c: // L
      if (descriptor !== "Ljava/lang/String;" || tag !== tags.TAG_STRING) rules.fail("Bad string initial value");
      return;
    default:
      rules.fail(`Unable to set initial value ${index}`);
  }
  if (tag !== wanted) rules.fail("Inconsistent constant value type");
}

/** JVMS §4.7.5. */
function checkExceptions(rules: FormatRules, length: number): void {
  const { reader } = rules;
  const count = reader.u2();
  reader.need(2 * count);
  for (let i = 0; i < count; i++) {
    const index = reader.u2();
    if (!rules.isClass(index)) rules.fail(`Exception name has bad type at constant pool ${index}`);
  }
  if (length !== 2 + 2 * count) rules.fail("Exceptions attribute has wrong length");
}
