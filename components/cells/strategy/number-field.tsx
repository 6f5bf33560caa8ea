'use client';

import { NumberInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { z } from 'zod';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly schema: z.ZodType<number>;
  readonly onChange: (value: number) => void;
  /** Shares are shown as percentages. */
  readonly isShare?: boolean;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly step?: number;
}

/** Waits until typing is over. */
const DELAY_MS = 250;

/** A number with its unit, taken when it is one that can be. */
export function NumberField({ label, value, schema, onChange, isShare = false, step, ...units }: Props) {
  const factor = isShare ? 100 : 1;
  const [text, setText] = useState<string | number>(shown(value, factor));
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => setText(shown(value, factor)), [value, factor]);
  const take = useDebouncedCallback((typed: string | number) => {
    const parsed = schema.safeParse(typed === '' ? Number.NaN : Number((Number(typed) / factor).toFixed(12)));
    setFault(parsed.success ? null : (parsed.error.issues[0]?.message ?? 'Not a number.'));
    if (parsed.success && parsed.data !== value) onChange(parsed.data);
  }, DELAY_MS);
  return (
    <NumberInput
      label={label}
      value={text}
      onChange={(typed) => {
        setText(typed);
        take(typed);
      }}
      error={fault}
      thousandSeparator=","
      decimalScale={6}
      step={step ?? 1}
      {...(isShare ? { suffix: ' %' } : units)}
      w={160}
    />
  );
}

function shown(value: number, factor: number): number {
  return Number((value * factor).toFixed(10));
}
