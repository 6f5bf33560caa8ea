'use client';

import { Button, Group, NumberInput, Popover } from '@mantine/core';
import { IconPlus, IconRepeat } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { nextSeed, suggestedExtension } from '@/lib/store/study-commands';
import { MAX_TRIALS, type StudyConfig } from '@/lib/tuning/study/study-config';
import { useWorkbench } from '../../workbench/use-workbench';

/** Asks by how many trials the study is to grow. */
export function ExtendButton({ config }: { readonly config: StudyConfig }) {
  const { studies } = useWorkbench();
  return (
    <AskingButton
      text="Extend"
      icon={<IconPlus size={14} />}
      label="More trials"
      suggested={suggestedExtension(config)}
      min={1}
      max={MAX_TRIALS - config.nTrials}
      confirm={(nMore) => `Extend to ${config.nTrials + nMore} trials`}
      onAnswer={(nMore) => void studies.extend(nMore)}
    />
  );
}

/** Asks for the seed with which the study is to run again. */
export function RerunButton({ config }: { readonly config: StudyConfig }) {
  const { studies } = useWorkbench();
  return (
    <AskingButton
      text="Run again with another seed"
      icon={<IconRepeat size={14} />}
      label="Seed of the new study"
      suggested={nextSeed(config)}
      min={0}
      max={2_147_483_647}
      confirm={(seed) => `Run again with seed ${seed}`}
      onAnswer={(seed) => void studies.rerun(seed)}
    />
  );
}

interface AskingProps {
  readonly text: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly suggested: number;
  readonly min: number;
  readonly max: number;
  readonly confirm: (answer: number) => string;
  readonly onAnswer: (answer: number) => void;
}

/** A button that asks for one whole number before it acts. */
function AskingButton({ text, icon, label, suggested, min, max, confirm, onAnswer }: AskingProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [answer, setAnswer] = useState<string | number>(suggested);
  const isSound = typeof answer === 'number' && answer >= min && answer <= max;
  return (
    <Popover opened={isOpen} onChange={setIsOpen} trapFocus returnFocus withArrow shadow="sm">
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={icon}
          onClick={() => {
            setAnswer(suggested);
            setIsOpen(!isOpen);
          }}
        >
          {text}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isSound) return;
            setIsOpen(false);
            onAnswer(answer);
          }}
        >
          <Group align="flex-end" gap="xs">
            <NumberInput
              label={label}
              value={answer}
              min={min}
              max={max}
              allowDecimal={false}
              allowNegative={false}
              w={150}
              data-autofocus
              onChange={setAnswer}
            />
            <Button type="submit" disabled={!isSound}>
              {isSound ? confirm(answer) : text}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
