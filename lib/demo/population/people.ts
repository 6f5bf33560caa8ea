import { derivedSeed } from '@/lib/core/random';

/** 64 made-up syllables that begin a name, and 64 that end one: 4,096 words, no two alike. */
const OPENINGS =
  'zor quib vex plim drov wex fiz grob klo nub trox yix blaf dwe froz glu hix jub kwa lum mox nix ooz priv qua rux ' +
  'sno thu ulv vri wub xan yol zib brex cwi dux flo gwi hob jix kru lix mub nog pok quo riz skro twi umb voz wiz xul ' +
  'yub zel brim drax fex gub hup jol kep lod';
const ENDINGS =
  'ax bit cor dop ek fip gon hux ib jot kul lorp mex nib oov pux quin rop sik tuz ub vop wix xit yot zum abble ixin ' +
  'orf umple eezle ogg urk inx awp elz imbo ackle otz ubble enk oost yrm ompo izzle undo arl ebbit offle unk ipsy ' +
  'oxo ulge amp erz iggle osk ufter andle elk ooma irp awb ezzo';

const WORDS: readonly Uint8Array[] = OPENINGS.split(' ').flatMap((opening) =>
  ENDINGS.split(' ').map((ending) => new TextEncoder().encode(opening + ending)),
);

/** People are numbered below 2^24, so that two words of 4,096 tell them apart. */
const MASK = 0xff_ffff;
const N_DIGITS = 8;
const CODE_0 = 48;
const SPACE = 32;
const DOT = 46;
const LOWER_TO_UPPER = 32;

/**
 * Begins the local part of every address. The domains are real, so the local parts must be ones that no mailbox can
 * have: with word and number they are longer than Gmail (30), Yahoo (32) and iCloud (20) allow, dots not counted; they
 * start with an underscore, where Microsoft wants a letter or digit and Yahoo a letter; and Gmail takes neither
 * underscore nor hyphen. They say what they are, too.
 */
const LOCAL_PREFIX = new TextEncoder().encode('_demo.this-is-not-a-person.');

/** A text being put together in a buffer of its own. */
export interface TextBuffer {
  readonly bytes: Uint8Array;
  length: number;
}

/** Create a buffer for texts of at most `capacity` bytes. */
export function createTextBuffer(capacity: number): TextBuffer {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

/** Makes names and addresses from a person's number, always the same ones for the same seed. */
export class People {
  readonly #offset: number;

  constructor(seed: number) {
    this.#offset = derivedSeed(seed, 'people') & MASK;
  }

  /** Write an invented full name, such as `Zorabble Quibgon`. Different people have different names. */
  writeName(person: number, target: TextBuffer): void {
    const code = this.#code(person);
    target.length = 0;
    appendCapitalised(target, WORDS[code >>> 12]!);
    target.bytes[target.length++] = SPACE;
    appendCapitalised(target, WORDS[code & 0xfff]!);
  }

  /** Write the e-mail address of a person at a domain, given as UTF-8. Different people have different addresses. */
  writeEmail(person: number, domain: Uint8Array, target: TextBuffer): void {
    const code = this.#code(person);
    target.length = 0;
    append(target, LOCAL_PREFIX);
    append(target, WORDS[code >>> 12]!);
    target.bytes[target.length++] = DOT;
    let rest = code;
    for (let digit = N_DIGITS - 1; digit >= 0; digit--) {
      target.bytes[target.length + digit] = CODE_0 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    target.length += N_DIGITS;
    append(target, domain);
  }

  /** Shuffle the numbers below 2^24: multiplying by an odd number and folding the upper half in are both one to one. */
  #code(person: number): number {
    if (person > MASK) throw new Error(`person ${person} is beyond ${MASK}`);
    let code = (person + this.#offset) & MASK;
    code = Math.imul(code, 0x9e3779b1) & MASK;
    code ^= code >>> 12;
    code = Math.imul(code, 0x85ebca6b) & MASK;
    return code ^ (code >>> 12);
  }
}

function append(target: TextBuffer, text: Uint8Array): void {
  for (let i = 0; i < text.length; i++) target.bytes[target.length + i] = text[i]!;
  target.length += text.length;
}

function appendCapitalised(target: TextBuffer, word: Uint8Array): void {
  const at = target.length;
  append(target, word);
  target.bytes[at]! -= LOWER_TO_UPPER;
}
