import { describe, expect, it } from 'vitest';
import type { TimeSplit } from './measurement';
import { suspectsSentence, timeSplitSentence } from './sentences';
import type { Suspect, SuspectGrade, SuspectReport } from './suspects';

const measured = (value: number, half: number) => ({
  value,
  low: value - half,
  high: value + half,
  standardError: half / 1.96,
});
const splitOf = (time: number, random: number, half: number): TimeSplit => ({
  nTrained: 800,
  nScored: 200,
  nBuyersScored: 20,
  rocAuc: measured(time, 0.03),
  randomRocAuc: measured(random, 0.03),
  gap: measured(random - time, half),
});
const suspect = (id: string, grade: SuspectGrade): Suspect => ({
  id,
  label: id,
  features: [id],
  grade,
  reasons: [{ basis: 'data', grade, text: 'Because.' }],
  separation: null,
  sameAge: null,
});
const reportOf = (...suspects: Suspect[]): SuspectReport => ({
  suspects,
  nRows: 1_000,
  nBuyers: 50,
  nFeatures: 9,
  nNotListed: 0,
});

describe('timeSplitSentence', () => {
  it.each([
    [
      'warns of a random split that flatters',
      splitOf(0.7, 0.8, 0.05),
      /flatters by \+0\.100 \(95 % \+0\.050 to \+0\.150\)/,
    ],
    [
      'says what chance would make',
      splitOf(0.78, 0.8, 0.05),
      /no difference that chance would not make \(\+0\.020/,
    ],
    [
      'says what is too little to matter',
      splitOf(0.79, 0.8, 0.005),
      /at the most \+0\.015, too little to matter/,
    ],
    [
      'says where time-based is better',
      splitOf(0.85, 0.8, 0.02),
      /does not flatter; the older opt-ins teach more/,
    ],
  ])('%s', (_, split, words) => {
    expect(timeSplitSentence(split)).toMatch(words);
    expect(timeSplitSentence(split)).toContain('On the newest fifth of the list');
  });
});

describe('suspectsSentence', () => {
  it('names the certain and the likely, and counts the possible', () => {
    expect(suspectsSentence(reportOf())).toBe('No feature could be known only after the purchase.');
    expect(suspectsSentence(reportOf(suspect('member_rating', 'possible')))).toBe(
      'Nothing in the rows says that a feature knows of the purchase; 1 is possible by what they are.',
    );
    expect(suspectsSentence(reportOf(suspect('a', 'likely')))).toMatch(
      /^a: probably knows of the purchase; /,
    );
    expect(
      suspectsSentence(
        reportOf(suspect('a', 'certain'), suspect('group:all', 'certain'), suspect('b', 'likely')),
      ),
    ).toMatch(/^a, b: these know of the purchase, certainly or probably; /);
  });
});
