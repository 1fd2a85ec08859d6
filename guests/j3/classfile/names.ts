import { MAX_DIMENSIONS } from "./descriptors.ts";

/**
 * Which names and descriptors are legal, JVMS §4.2 and §4.3. From version 49 on, almost any Unicode is; before it,
 * names were Java identifiers. No text here means "in class file"; the messages are made by the callers.
 */

/** The first version whose names are drawn from all of Unicode. */
const UNICODE_NAMES_MAJOR = 49;

/** A malformed descriptor. */
export const NOT_A_TYPE = -1;
/** The name between "L" and ";" is empty or illegal. */
export const BAD_CLASS_NAME = -2;
/** More than 255 dimensions. */
export const TOO_MANY_DIMENSIONS = -3;

export type NameRule = "class" | "field" | "method";

/** JVMS §4.2.2: not empty, without . ; [ and, outside class names, /; method names also without < and >. */
export function isUnqualifiedName(text: string, start: number, end: number, rule: NameRule): boolean {
  if (start >= end) return false;
  for (let at = start; at < end; at++) {
    switch (text.charCodeAt(at)) {
      case 0x2e: // .
      case 0x3b: // ;
      case 0x5b: // [
        return false;
      case 0x2f: // /
        if (rule !== "class" || at === start || at + 1 >= end || text.charCodeAt(at + 1) === 0x2f) return false;
        break;
      case 0x3c: // <
      case 0x3e: // >
        if (rule === "method") return false;
        break;
    }
  }
  return true;
}

/**
 * The offset after the longest identifier at `start`, or -1 if there is none, as versions before 49 want them.
 * With `slashes`, identifiers separated by single slashes.
 */
function skipIdentifier(text: string, start: number, slashes: boolean): number {
  let at = start;
  let lastWasSlash = false;
  while (at < text.length) {
    const point = text.codePointAt(at) as number;
    const first = at === start;
    if (isIdentifierCharacter(point, first)) {
      lastWasSlash = false;
    } else if (slashes && point === 0x2f) {
      if (lastWasSlash) return -1;
      lastWasSlash = true;
    } else {
      break;
    }
    at += point > 0xffff ? 2 : 1;
  }
  return at === start ? -1 : at;
}

const WIDE_START = /^[\p{L}\p{Nl}\p{Sc}\p{Pc}]$/u;
const WIDE_PART = /^[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mc}\p{Mn}\p{Cf}\u0080-\u009f]$/u;

/** Character.isJavaIdentifierStart and -Part; of ASCII only letters, digits, _ and $. */
function isIdentifierCharacter(point: number, first: boolean): boolean {
  if (point >= 0x80) return (first ? WIDE_START : WIDE_PART).test(String.fromCodePoint(point));
  const lower = point | 0x20;
  if ((lower >= 0x61 && lower <= 0x7a) || point === 0x5f || point === 0x24) return true;
  return !first && point >= 0x30 && point <= 0x39;
}

/**
 * The offset after the field descriptor at `start`, or one of the negative answers above.
 * "V" is one with `voidAllowed`, which a return type has.
 */
export function skipLegalType(text: string, start: number, voidAllowed: boolean, major: number): number {
  let at = start;
  while (text.charCodeAt(at) === 0x5b /* [ */) {
    at++;
    if (at - start > MAX_DIMENSIONS) return TOO_MANY_DIMENSIONS;
  }
  switch (text.charCodeAt(at)) {
    case 0x56: // V
      return voidAllowed && at === start ? at + 1 : NOT_A_TYPE;
    case 0x42: // B
    case 0x43: // C
    case 0x44: // D
    case 0x46: // F
    case 0x49: // I
    case 0x4a: // J
    case 0x53: // S
    case 0x5a: // Z
      return at + 1;
    case 0x4c /* L */:
      {
        if (major < UNICODE_NAMES_MAJOR) {
          const end = skipIdentifier(text, at + 1, true);
          return end > 0 && text.charCodeAt(end) === 0x3b /* ; */ ? end + 1 : NOT_A_TYPE;
        }
        const semicolon = text.indexOf(";", at + 1);
        if (semicolon < 0) return NOT_A_TYPE;
        return isUnqualifiedName(text, at + 1, semicolon, "class") ? semicolon + 1 : BAD_CLASS_NAME;
      }
    default:
      return NOT_A_TYPE;
  }
}

/** Slots of the parameters, or one of the negative answers above. Methods whose names begin with "<" return void. */
export function legalMethodSlots(name: string, descriptor: string, major: number): number {
  // JVMS §2.9.2: since version 51 a class initialiser has no parameters.
  if (name === "<clinit>" && major >= 51) return descriptor === "()V" ? 0 : NOT_A_TYPE;
  if (descriptor.charCodeAt(0) !== 0x28 /* ( */) return NOT_A_TYPE;
  let slots = 0;
  let at = 1;
  while (at < descriptor.length && descriptor.charCodeAt(at) !== 0x29 /* ) */) {
    const next = skipLegalType(descriptor, at, false, major);
    if (next < 0) return next;
    const first = descriptor.charCodeAt(at);
    slots += first === 0x4a /* J */ || first === 0x44 /* D */ ? 2 : 1;
    at = next;
  }
  if (at >= descriptor.length) return NOT_A_TYPE;
  if (name.charCodeAt(0) === 0x3c /* < */) return descriptor.slice(at + 1) === "V" ? slots : NOT_A_TYPE;
  const end = skipLegalType(descriptor, at + 1, true, major);
  if (end < 0) return end;
  return end === descriptor.length ? slots : NOT_A_TYPE;
}

/** A class name without "[": arrays are descriptors. */
export function isLegalClassName(name: string, major: number): boolean {
  if (major >= UNICODE_NAMES_MAJOR) return isUnqualifiedName(name, 0, name.length, "class");
  return name.length > 0 && skipIdentifier(name, 0, true) === name.length;
}

export function isLegalFieldName(name: string, major: number): boolean {
  if (major >= UNICODE_NAMES_MAJOR) return isUnqualifiedName(name, 0, name.length, "field");
  return name.length > 0 && skipIdentifier(name, 0, false) === name.length;
}

export function isLegalMethodName(name: string, major: number): boolean {
  if (name.charCodeAt(0) === 0x3c /* < */) return name === "<init>" || name === "<clinit>";
  if (major >= UNICODE_NAMES_MAJOR) return isUnqualifiedName(name, 0, name.length, "method");
  return name.length > 0 && skipIdentifier(name, 0, false) === name.length;
}
