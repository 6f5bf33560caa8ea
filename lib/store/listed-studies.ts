import { type StudySummary, studySummary } from '@/lib/tuning/study/study-summary';
import type { StudyListing } from './services';
import type { FollowedStudy } from './workbench-state';

/**
 * Give the lines of a list of studies, newest first, with what the page follows itself in the place of what the list says: a
 * list is as old as its last asking, and a study that was launched since is not on it.
 */
export function listedStudies(
  listing: StudyListing,
  followed: readonly (FollowedStudy | null)[],
): readonly StudySummary[] {
  const newer = new Map<string, StudySummary>();
  for (const study of followed) if (study !== null) newer.set(study.state.studyId, studySummary(study.state));
  const studies = listing.studies.map((listed) => {
    const live = newer.get(listed.studyId);
    newer.delete(listed.studyId);
    return live !== undefined && live.updatedAtMs >= listed.updatedAtMs ? live : listed;
  });
  if (newer.size === 0) return studies;
  return [...newer.values(), ...studies].sort((a, b) => b.createdAtMs - a.createdAtMs);
}
