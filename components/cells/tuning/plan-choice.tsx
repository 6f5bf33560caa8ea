'use client';

import { NativeSelect } from '@mantine/core';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  /** In the order of the list. */
  readonly values: readonly T[];
  readonly labels: Readonly<Record<T, string>>;
  readonly widthPx?: number;
  readonly onChoice: (value: T) => void;
}

/** One of a few, in the browser's own list: quick to draw, and at home on a phone and under the keyboard. */
export function PlanChoice<T extends string>({ label, value, values, labels, widthPx, onChoice }: Props<T>) {
  return (
    <NativeSelect
      label={label}
      size="xs"
      w={widthPx}
      value={value}
      data={values.map((one) => ({ value: one, label: labels[one] }))}
      onChange={(event) => {
        const chosen = values.find((one) => one === event.currentTarget.value);
        if (chosen !== undefined) onChoice(chosen);
      }}
    />
  );
}
