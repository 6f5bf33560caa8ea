'use client';

import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './fold.module.css';

/** Where the list of studies is folded away. */
export const STUDIES_FOLD_ID = 'fold-studies';

/** Open a fold, wherever on the page it is, and bring it into view. */
export function openFold(buttonId: string): void {
  const button = document.getElementById(buttonId);
  if (button === null) return;
  if (button.getAttribute('aria-expanded') === 'false') button.click();
  button.scrollIntoView({ block: 'center' });
  button.focus({ preventScroll: true });
}

interface Props {
  readonly title: string;
  /** What is inside, in a few words, so that it need not be opened. */
  readonly summary: string;
  readonly children: ReactNode;
  /** For who opens it from elsewhere; see `openFold`. */
  readonly buttonId?: string;
}

/** Something folded away under its title. What is inside is not drawn until it is opened. */
export function Fold({ title, summary, children, buttonId }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const bodyId = useId();
  return (
    <div className={classes.fold}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={isOpen ? bodyId : undefined}
        id={buttonId}
        onClick={() => setIsOpen(!isOpen)}
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
