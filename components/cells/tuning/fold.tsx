'use client';

import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './fold.module.css';

interface Props {
  readonly title: string;
  /** What is inside, in a few words, so that it need not be opened. */
  readonly summary: string;
  readonly children: ReactNode;
  readonly isOpenAtFirst?: boolean;
  readonly onOpen?: () => void;
}

/** Something folded away under its title. What is inside is not drawn until it is opened. */
export function Fold({ title, summary, children, isOpenAtFirst = false, onOpen }: Props) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const bodyId = useId();
  return (
    <div className={classes.fold}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={isOpen ? bodyId : undefined}
        onClick={() => {
          setIsOpen(!isOpen);
          if (!isOpen) onOpen?.();
        }}
      >
        <IconChevronRight size={14} className={classes.chevron} aria-hidden />
        <span>{title}</span>
        <span className={classes.summary}>{summary}</span>
      </UnstyledButton>
      {isOpen && (
        <div id={bodyId} className={classes.body}>
          {children}
        </div>
      )}
    </div>
  );
}
