import { ExpectedFailure, fail } from '@/lib/core/result';
import type { ReproductionReport } from '@/lib/server/models/reproduce-model';
import type { CommandEnd } from './reporter';

/** Whether a model came out the same, and scores as it did. */
export function isReproduced({ files, scoresAsPublished }: ReproductionReport): boolean {
  return scoresAsPublished && files.every(({ isEqual }) => isEqual);
}

/** Compare a model's files with those made again, a line each. */
export function comparisonEnd(id: string, report: ReproductionReport): CommandEnd {
  const row = (name: string, verdict: string, published: string, made: string) =>
    `${name.padEnd(24)}${verdict.padEnd(11)}${published.padEnd(14)}${made}`;
  return {
    command: 'reproduce',
    lines: [
      '',
      row('file', '', 'published', 'made again'),
      ...report.files.map(({ name, isEqual, publishedSha256, reproducedSha256 }) =>
        row(
          name,
          isEqual ? 'equal' : 'different',
          shortDigest(publishedSha256),
          shortDigest(reproducedSha256),
        ),
      ),
      '',
      ...(report.differentEntries.length > 0
        ? [`metadata.json differs in ${report.differentEntries.join(', ')}.`]
        : []),
      scoresSentence(report.scoresAsPublished),
    ],
    facts: {
      model_id: id,
      is_reproduced: isReproduced(report),
      scores_as_published: report.scoresAsPublished,
      different_entries: report.differentEntries,
      files: report.files.map(({ name, isEqual, publishedSha256, reproducedSha256 }) => ({
        name,
        is_equal: isEqual,
        published_sha256: publishedSha256,
        reproduced_sha256: reproducedSha256,
      })),
    },
  };
}

/** The failure of a model that came out different. */
export function notReproduced(id: string, { files, scoresAsPublished }: ReproductionReport): ExpectedFailure {
  const different = files.filter(({ isEqual }) => !isEqual).map(({ name }) => name);
  const what = different.length > 0 ? `${different.join(', ')} came out different` : 'its scores differ';
  return new ExpectedFailure(
    fail(
      'not_reproduced',
      `${id} could not be made again: ${what}${scoresAsPublished || different.length === 0 ? '' : ', and its scores differ'}.`,
      'Use the versions of XGBoost and Leadbench that its metadata.json names.',
    ).error,
  );
}

/** The first 12 digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** Say how a published model scores. */
export function scoresSentence(scoresAsPublished: boolean): string {
  const how = scoresAsPublished ? 'as published, to the bit' : 'otherwise than published';
  return `The published model.ubj, loaded by XGBoost, scores the test rows ${how}.`;
}
