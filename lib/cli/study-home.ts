import { stat } from 'node:fs/promises';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { type ControlClient, createControlClient } from '@/lib/server/control/control-client';
import { readControlFile } from '@/lib/server/control/control-file';
import {
  type StudyAnswer,
  type StudyListAnswer,
  studyAnswer,
  studyListAnswer,
} from '@/lib/server/control/study-answers';
import { isMissing } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { type HomeHolder, homeHolder } from '@/lib/server/storage/home-lock';
import { listStudies } from '@/lib/server/studies/study-index';
import { studyJournalPath } from '@/lib/server/studies/study-launch';
import { loadStudyLog } from '@/lib/server/studies/study-log';
import { studySummary } from '@/lib/tuning/study/study-summary';
import type { StudyActivity } from '@/lib/tuning/study/study-view';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';

/** Who works on a home: a server that can be asked, another process, or nobody. */
export type HomeUse =
  | { readonly kind: 'server'; readonly client: ControlClient; readonly address: string }
  | { readonly kind: 'taken'; readonly holder: HomeHolder }
  | { readonly kind: 'free' };

/** Find out who works on a home. @throws ExpectedFailure `file_not_usable` where there is no such folder */
export async function homeUse(home: Home): Promise<HomeUse> {
  const found = await withFileWords(home.root, () => stat(home.root));
  if (!found.isDirectory()) {
    throw new ExpectedFailure(
      fail('file_not_usable', `${home.root} is a file, not a folder.`, 'Give a folder to --home.').error,
    );
  }
  const holder = await homeHolder(home.root);
  if (holder === null) return { kind: 'free' };
  const control = await readControlFile(home);
  // A file of a server that died says nothing about who is here now.
  const isItsOwn = control !== null && (holder.pid === null || holder.pid === control.pid);
  if (!isItsOwn) return { kind: 'taken', holder };
  return { kind: 'server', client: createControlClient(control), address: control.address };
}

/** List the studies of a home: as its server has them, or as they lie there. */
export async function studiesOf(home: Home, use: HomeUse, now: () => number): Promise<StudyListAnswer> {
  if (use.kind === 'server') return unwrapped(await use.client.list());
  const listing = await withFileWords(home.studiesFolder, () =>
    listStudies(home, async (studyId) => {
      const log = await loadStudyLog(studyJournalPath(home, studyId), now);
      return log.ok ? studySummary(log.value.state()) : log.error;
    }),
  );
  return studyListAnswer(listing, async () => activityIn(use));
}

/** Look at one study of a home. @throws ExpectedFailure `study_unknown`, or as `loadStudyLog` */
export async function studyOf(
  home: Home,
  use: HomeUse,
  { studyId, now }: { readonly studyId: string; readonly now: () => number },
): Promise<StudyAnswer> {
  if (use.kind === 'server') return unwrapped(await use.client.show(studyId));
  const path = studyJournalPath(home, studyId);
  const log = await withFileWords(path, async () => {
    try {
      return unwrapped(await loadStudyLog(path, now));
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new ExpectedFailure(unknownStudy(home, studyId).error, { cause: error });
    }
  });
  return studyAnswer({ state: log.state(), activity: activityIn(use) });
}

/** A command that holds the home works on what is under way there; in a home that is free nobody does. */
function activityIn(use: HomeUse): StudyActivity {
  return { kind: use.kind === 'free' ? 'idle' : 'running', problem: null };
}

function unknownStudy(home: Home, studyId: string) {
  return fail(
    'study_unknown',
    `There is no ${studyId} in ${home.root}.`,
    'See "leadbench studies" for those that are there.',
  );
}
