'use client';

import { Button, FileButton, Group, List, SegmentedControl, Text } from '@mantine/core';
import { saveBlob } from '@/lib/browser/download';
import { isSameJson } from '@/lib/store/plan-of-config';
import {
  draftedSpace,
  jsonDraft,
  type SpaceDraft,
  type SpaceFault,
  tableDraft,
} from '@/lib/store/space-draft';
import { shownStudy } from '@/lib/store/workbench-state';
import { DESIGN_SEARCH_SPACE, type SearchSpace, WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { searchSpaceText } from '@/lib/tuning/space/search-space-json';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { SpaceTable } from './space-table';
import { SpaceText } from './space-text';
import { usePlan } from './use-plan';

const MOST_BYTES_READ = 1_000_000;
const NO_FAULTS: readonly SpaceFault[] = [];

/** The search space: as a table or as JSON, from a file and into one. */
export function SpaceEditor() {
  const workbench = useWorkbench();
  const { plan } = usePlan();
  const draft = useWorkbenchState((state) => state.spaceDraft) ?? tableDraft(plan.searchSpace);
  const drafted = draftedSpace(draft);
  const faults = drafted.ok ? NO_FAULTS : drafted.faults;
  return (
    <>
      <Group gap="xs" mb="xs">
        <SegmentedControl
          aria-label="Search space as"
          value={draft.view}
          disabled={!drafted.ok}
          onChange={(view) =>
            void workbench.setSpaceDraft(
              view === 'json' ? jsonDraft(plan.searchSpace) : tableDraft(plan.searchSpace),
            )
          }
          data={[
            { value: 'table', label: 'Table' },
            { value: 'json', label: 'JSON' },
          ]}
        />
        <SpaceButtons view={draft.view} />
        {!drafted.ok && (
          <Button size="compact-xs" variant="default" onClick={() => void workbench.setSpaceDraft(null)}>
            Back to the last sound one
          </Button>
        )}
      </Group>
      {draft.view === 'table' ? (
        <SpaceTable draft={draft} faults={faults} />
      ) : (
        <SpaceText text={draft.text} isSound={drafted.ok} />
      )}
      <div role="status">
        {faults.length > 0 && (
          <List size="xs" c="var(--lb-bad)" mt="xs" id="space-faults">
            {faults.map(({ message }) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        )}
      </div>
      {drafted.ok && (
        <Text size="xs" c="dimmed" mt={6}>
          A parameter that is not in the space keeps XGBoost’s own default.
        </Text>
      )}
    </>
  );
}

/** Whole spaces at one click, and files. */
function SpaceButtons({ view }: { readonly view: SpaceDraft['view'] }) {
  const workbench = useWorkbench();
  const { plan } = usePlan();
  const study = useWorkbenchState((state) => shownStudy(state)?.state.config.searchSpace ?? null);
  const openFile = async (file: File | null) => {
    // More than a space can be is not read, only enough of it to be refused for its length.
    const text = await file?.slice(0, MOST_BYTES_READ).text();
    if (text !== undefined) await workbench.setSpaceDraft({ view: 'json', text });
  };
  const offer = (name: string, space: SearchSpace) => (
    <Button
      size="compact-xs"
      variant="default"
      disabled={isSameJson(space, plan.searchSpace)}
      onClick={() => void workbench.setSpaceDraft(view === 'json' ? jsonDraft(space) : tableDraft(space))}
    >
      {name}
    </Button>
  );
  return (
    <>
      {offer('Design’s space', DESIGN_SEARCH_SPACE)}
      {offer('Wide space', WIDE_SEARCH_SPACE)}
      {study !== null && !isWellKnown(study) && offer('This study’s space', study)}
      <FileButton accept=".json,application/json" onChange={(file) => void openFile(file)}>
        {(props) => (
          <Button size="compact-xs" variant="subtle" {...props}>
            Open a .json file
          </Button>
        )}
      </FileButton>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() =>
          saveBlob(
            new Blob([searchSpaceText(plan.searchSpace)], { type: 'application/json' }),
            'search_space.json',
          )
        }
      >
        Save as search_space.json
      </Button>
    </>
  );
}

function isWellKnown(space: SearchSpace): boolean {
  return isSameJson(space, DESIGN_SEARCH_SPACE) || isSameJson(space, WIDE_SEARCH_SPACE);
}
