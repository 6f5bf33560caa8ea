import type { Outbox } from './outbox';
import { openOutbox } from './outbox';
import { createStudyDesk, type DeskEnvironment, type StudyDesk } from './study-desk';

/** The open desks, few at a time: each holds a file and a study's story. */
export interface DeskShelf {
  /** The desk of a study, opened if it is not. @throws what `openOutbox` throws */
  desk(studyId: string): Promise<StudyDesk>;
  close(studyId: string): Promise<void>;
  closeAll(): Promise<void>;
}

const MAX_OPEN = 8;

/**
 * Create the shelf.
 *
 * @param folder of the outboxes
 * @param onReceipt told of every receipt that is on disk
 */
export function createDeskShelf(
  folder: string,
  environment: DeskEnvironment,
  onReceipt: () => void,
): DeskShelf {
  const desks = new Map<string, StudyDesk>();

  const close = async (studyId: string) => {
    const desk = desks.get(studyId);
    desks.delete(studyId);
    await desk?.close();
  };

  return {
    async desk(studyId) {
      const known = desks.get(studyId);
      if (known !== undefined) return known;
      const [oldest] = desks.keys();
      if (oldest !== undefined && desks.size >= MAX_OPEN) await close(oldest);
      const outbox = await openOutbox(folder, studyId, ({ message }) =>
        environment.warn(`${message} It is begun anew; MLflow is asked for what it has.`),
      );
      const desk = createStudyDesk(counted(outbox, onReceipt), environment);
      desks.set(studyId, desk);
      return desk;
    },
    close,
    async closeAll() {
      for (const studyId of [...desks.keys()]) await close(studyId);
    },
  };
}

function counted(outbox: Outbox, onReceipt: () => void): Outbox {
  return {
    ...outbox,
    async write(entry) {
      await outbox.write(entry);
      if (entry.type === 'run' || entry.type === 'sent') onReceipt();
    },
  };
}
