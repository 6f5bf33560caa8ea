/** May a model be used: yes; yes, knowing what is said of it; no. */
export type VerdictGrade = 'ready' | 'ok' | 'not_ready';

/** What speaks against a model. */
export interface VerdictReason {
  /** snake_case, for code that reacts to it. */
  readonly code: string;
  /** What it makes of the verdict, whatever else there is. */
  readonly grade: Exclude<VerdictGrade, 'ready'>;
  /** What was found, with numbers, and what it means. */
  readonly sentence: string;
}

/** The gravest of what speaks against a model, and all of it, gravest first. */
export interface Verdict {
  readonly grade: VerdictGrade;
  readonly reasons: readonly VerdictReason[];
}

/** How a verdict is called. */
export const VERDICT_WORDS: Readonly<Record<VerdictGrade, string>> = {
  ready: 'Ready',
  ok: 'OK',
  not_ready: 'Not ready',
};

/** Weigh reasons: any that says no makes it no. Reasons of one grade stay in their order. */
export function verdictOf(reasons: readonly VerdictReason[]): Verdict {
  const of = (grade: VerdictReason['grade']) => reasons.filter((reason) => reason.grade === grade);
  const ordered = [...of('not_ready'), ...of('ok')];
  return { grade: ordered[0]?.grade ?? 'ready', reasons: ordered };
}
