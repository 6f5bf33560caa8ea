/** What the readers of model files take at most; far above what XGBoost writes, small enough to be read at once. */
export const DOCUMENT_LIMITS = {
  bytes: 512 * 1024 * 1024,
  /** Objects and arrays within one another. XGBoost's own files have 7 levels. */
  depth: 64,
  keysOfAnObject: 10_000,
  textBytes: 1_000_000,
} as const;

/** Thrown inside a reader where its bytes are not what they should be; the door of the reader turns it into a failure. */
export class DocumentFault extends Error {
  /** @param message what is wrong, as the end of "The file cannot be read: …" */
  constructor(message: string) {
    super(message);
    this.name = 'DocumentFault';
  }
}

/** Gathers the members of an object. @throws DocumentFault for a key that is there already, and for too many */
export class ObjectMembers {
  private readonly members = new Map<string, unknown>();

  isEmpty(): boolean {
    return this.members.size === 0;
  }

  set(key: string, value: unknown): void {
    this.members.set(key, value);
  }

  /** Refuse a key before its value is read. */
  expect(key: string): void {
    if (this.members.has(key)) throw new DocumentFault(`the key ${JSON.stringify(key)} is there twice`);
    if (this.members.size >= DOCUMENT_LIMITS.keysOfAnObject) {
      throw new DocumentFault(`an object has more than ${DOCUMENT_LIMITS.keysOfAnObject} keys`);
    }
  }

  /** A plain object; also `__proto__` is a member like any other. */
  finish(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.members);
  }
}

/** Refuse to go deeper than the limit. @throws DocumentFault */
export function refuseDepth(depth: number): void {
  if (depth > DOCUMENT_LIMITS.depth) {
    throw new DocumentFault(`it is nested deeper than ${DOCUMENT_LIMITS.depth} levels`);
  }
}
