'use client';

import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useState } from 'react';

interface Props
  extends Pick<
    NumberInputProps,
    'label' | 'aria-label' | 'description' | 'prefix' | 'suffix' | 'placeholder' | 'disabled'
  > {
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
  /** Whether the field may be left empty, which is null. */
  readonly isOptional?: boolean;
  readonly widthPx?: number;
  readonly onNumber: (value: number | null) => void;
}

/** A number of the plan. What is no number within the bounds is left to be typed on, and gone when the field is left. */
export function PlanNumber(props: Props) {
  const { value, min, max, isWhole = true, isOptional = false, widthPx = 90, onNumber, ...shown } = props;
  const [typed, setTyped] = useState<string | number | null>(null);
  return (
    <NumberInput
      {...shown}
      value={typed ?? value ?? ''}
      min={min}
      max={max}
      allowDecimal={!isWhole}
      allowNegative={min < 0}
      thousandSeparator=","
      w={widthPx}
      clampBehavior="none"
      onChange={(next) => {
        setTyped(next);
        if (next === '' && isOptional) onNumber(null);
        else if (typeof next === 'number' && next >= min && next <= max) onNumber(next);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
