import { ExpectedFailure, type Result } from '@/lib/core/result';
import { ownedHome } from '@/lib/server/control/owned-home';
import { type StudyAnswer, studyAnswer } from '@/lib/server/control/study-answers';
import { orderedStudy, type StudyOrder } from '@/lib/server/control/study-orders';
import { createModelMaker } from '@/lib/server/models/make-model';
import type { Home } from '@/lib/server/storage/home';
import { homeTaken } from '@/lib/server/storage/home-lock';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import { createStudyService, type StudyService } from '@/lib/server/studies/study-service';
import packageInfo from '@/package.json';
import { unwrapped } from './crm-file';
import type { Reporter } from './reporter';
import { StageEnd } from './run-stages';
import type { CliSurroundings } from './stage';
import { isStretchEnd, progressOf } from './stages/tune';
import { studyFailure } from './study-files';
import { homeUse, studiesOf, studyOf } from './study-home';
import { studyFacts, studyLines, studySentence, studyTable } from './study-words';

/** What is asked of one study on the command line. */
export interface StudyCommandOptions {
  readonly home: Home;
  readonly studyId: string;
  readonly order: StudyOrder | { readonly command: 'show' };
}

/** What the commands on studies work with. */
export interface StudyCommandContext extends Pick<CliSurroundings, 'interruptible' | 'now' | 'elapsed'> {
  readonly engine: () => Promise<Result<TrainingEngine>>;
  readonly reporter: Reporter;
}

/** List all studies of a home, newest first. */
export async function showStudies(home: Home, { reporter, now }: StudyCommandContext): Promise<void> {
  const command = 'studies';
  try {
    const { studies, unreadable } = await studiesOf(home, await homeUse(home), now);
    const table = studies.length === 0 ? [`There are no studies in ${home.root}.`] : studyTable(studies);
    const faults = unreadable.map(
      ({ studyId, failure }) => `${studyId} cannot be read: ${failure.message} ${failure.hint}`,
    );
    const facts = { studies: studies.map(studyFacts), unreadable };
    reporter.ended({ command, lines: [...table, ...faults], facts });
  } catch (error) {
    throw new StageEnd(command, error);
  }
}

const COMMAND = 'study';

/**
 * Show a study, or do something with it: where a server works on its home, by asking that server; else here, in the
 * foreground, until it is done. A signal leaves it so that it can be resumed.
 *
 * @throws ExpectedFailure of the server or the study service; Interruption
 */
export async function commandStudy(
  options: StudyCommandOptions,
  context: StudyCommandContext,
): Promise<void> {
  const { home, studyId, order } = options;
  const { reporter, now, elapsed } = context;
  const startedAtMs = elapsed();
  try {
    const use = await homeUse(home);
    if (order.command === 'show') {
      const answer = await studyOf(home, use, { studyId, now });
      reporter.ended({ command: COMMAND, lines: studyLines(answer), facts: studyFacts(answer) });
      return;
    }
    reporter.started(COMMAND);
    if (use.kind === 'taken') throw new ExpectedFailure(homeTaken(home.root, use.holder).error);
    const answer =
      use.kind === 'server'
        ? unwrapped(await use.client.order(studyId, order))
        : await doneHere(home, { studyId, order }, context);
    const where = use.kind === 'server' ? `, at ${use.address}` : '';
    reporter.finished(COMMAND, elapsed() - startedAtMs, {
      sentence: `${studySentence(answer)}${where}`,
      facts: studyFacts(answer),
    });
  } catch (error) {
    throw new StageEnd(COMMAND, error);
  }
}

async function doneHere(
  home: Home,
  { studyId, order }: { readonly studyId: string; readonly order: StudyOrder },
  context: StudyCommandContext,
): Promise<StudyAnswer> {
  const { engine, now, elapsed, interruptible } = context;
  const { lock } = unwrapped(await ownedHome(home));
  const makeModel = createModelMaker(home, packageInfo.version);
  const service = createStudyService({ home, engine, makeModel, now, elapsed });
  try {
    return await interruptible(async (signal) => {
      signal.addEventListener('abort', () => void service.close());
      const begun = unwrapped(await orderedStudy(service, studyId, order));
      return followed(service, begun.state.studyId, context.reporter);
    }, `Finished trials are kept; "leadbench study ${studyId} resume" goes on from there.`);
  } finally {
    await service.close();
    await lock.release();
  }
}

/** Follow a study until nobody works on it any more. @throws ExpectedFailure where it came to a bad end */
async function followed(service: StudyService, studyId: string, reporter: Reporter): Promise<StudyAnswer> {
  const tell = async () => {
    const view = await service.get(studyId);
    if (view.ok) reporter.progress(COMMAND, progressOf(view.value.state));
  };
  const begun = unwrapped(await service.get(studyId)).state.lastSequence;
  await new Promise<void>((resolve, reject) => {
    const watching = service.subscribe(studyId, begun, {
      onEvent: (event) => {
        if (isStretchEnd(event)) tell().catch(reject);
      },
      onActivity: ({ kind, problem }) => {
        if (kind === 'idle') resolve();
        else if (kind === 'held' && problem !== null) reporter.warning(COMMAND, problem.message);
      },
    });
    watching.then(unwrapped).catch(reject);
  });
  const view = unwrapped(await service.get(studyId));
  if (view.activity.problem !== null) throw new ExpectedFailure(view.activity.problem);
  if (view.state.phase === 'failed') throw studyFailure(view.state.failure ?? 'no reason was recorded');
  return studyAnswer(view);
}
