'use client';

import { Button, Checkbox, Group, List, Loader, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { listedStudies } from '@/lib/store/listed-studies';
import type { StudyListing } from '@/lib/store/services';
import type { StudySummary } from '@/lib/tuning/study/study-summary';
import { countText } from '../format';
import { FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { StudiesTable } from './studies-table';

/** Most studies that are set side by side: more lines than that cannot be told apart. */
const MOST_COMPARED = 8;

/** All studies of the server: open one, tick two or more to compare them. Draws nothing but a loader until the list is here. */
export function StudiesPanel() {
  const { shelf } = useWorkbench().studies;
  const { listing, isLoading, failure } = useWorkbenchState((state) => state.studies);
  useEffect(() => {
    const refresh = () => void shelf.refresh();
    refresh();
    // Another tab or the command line may have been at work meanwhile.
    window.addEventListener('focus', refresh);
    return () => window.removeEventListener('focus', refresh);
  }, [shelf]);
  return (
    <>
      {failure !== null && <FailureAlert failure={failure} />}
      {listing === null ? (
        isLoading && <Loader size="sm" aria-label="Reading the list" />
      ) : (
        <Listed listing={listing} />
      )}
    </>
  );
}

function Listed({ listing }: { readonly listing: StudyListing }) {
  const { studies: desk } = useWorkbench();
  const studies = useListedStudies(listing);
  const here = useWorkbenchState((state) => state.features);
  const [isOnlyHere, setIsOnlyHere] = useState(false);
  const { ticked, tick } = useTicked();
  const isOfHere = (study: StudySummary) =>
    study.datasetDigest === here?.datasetDigest && study.featureSpecDigest === here.specDigest;
  const shown = isOnlyHere ? studies.filter(isOfHere) : studies;
  return (
    <>
      <Group gap="sm" mb="xs">
        <Text size="xs" c="dimmed">
          {countText(shown.length)} of {countText(studies.length)}
        </Text>
        <Checkbox
          size="xs"
          label="Only those of this file’s features"
          checked={isOnlyHere}
          onChange={(event) => setIsOnlyHere(event.currentTarget.checked)}
        />
        <Comparison ticked={ticked} onClear={() => tick([])} />
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconRefresh size={14} />}
          onClick={() => void desk.shelf.refresh()}
        >
          Refresh
        </Button>
      </Group>
      {shown.length === 0 ? (
        <Text size="sm" c="dimmed">
          No study yet.
        </Text>
      ) : (
        <StudiesTable
          studies={shown}
          isOfHere={isOfHere}
          ticked={ticked}
          canTickMore={ticked.length < MOST_COMPARED}
          onTick={(studyId, isTicked) =>
            tick(isTicked ? [...ticked, studyId] : ticked.filter((one) => one !== studyId))
          }
          onOpen={(studyId) => desk.open(studyId)}
        />
      )}
      <Unreadable unreadable={listing.unreadable} />
    </>
  );
}

function useListedStudies(listing: StudyListing): readonly StudySummary[] {
  const study = useWorkbenchState((state) => state.study);
  const viewed = useWorkbenchState((state) => state.viewed?.study ?? null);
  const own = study?.state;
  const foreign = viewed?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what trials report while they train is on no line of the list.
  return useMemo(() => listedStudies(listing, [study, viewed]), [listing, own, foreign]);
}

/** The studies ticked, in the order of ticking; two or more are read for comparison. */
function useTicked() {
  const workbench = useWorkbench();
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const tick = (studyIds: readonly string[]) => {
    setTicked(studyIds);
    void workbench.compareStudies(studyIds.length < 2 ? [] : studyIds);
  };
  return { ticked, tick };
}

function Comparison({
  ticked,
  onClear,
}: {
  readonly ticked: readonly string[];
  readonly onClear: () => void;
}) {
  const nCompared = useWorkbenchState((state) => state.comparedStudies.length);
  if (ticked.length === 0) return null;
  const text =
    ticked.length === 1
      ? 'Tick one more to compare.'
      : nCompared === ticked.length
        ? `${nCompared} studies are compared below.`
        : `Reading ${ticked.length} studies …`;
  return (
    <Group gap={6}>
      <Text size="xs" role="status">
        {text}
      </Text>
      <Button size="compact-xs" variant="subtle" onClick={onClear}>
        Untick all
      </Button>
    </Group>
  );
}

function Unreadable({ unreadable }: Pick<StudyListing, 'unreadable'>) {
  if (unreadable.length === 0) return null;
  return (
    <>
      <Text size="sm" mt="sm">
        {unreadable.length === 1 ? 'One study' : `${countText(unreadable.length)} studies`} could not be read:
      </Text>
      <List size="xs">
        {unreadable.map(({ studyId, failure }) => (
          <List.Item key={studyId}>
            <code>{studyId}</code>: {failure.message}{' '}
            <Text span c="dimmed" size="xs">
              {failure.hint}
            </Text>
          </List.Item>
        ))}
      </List>
    </>
  );
}
