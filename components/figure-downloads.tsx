'use client';

import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { saveBlob } from '@/lib/browser/download';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { spreadsheetSafeCsv } from '@/lib/core/csv';

interface Props {
  readonly spec: FigureSpec;
  readonly fileName: string;
  /** Draws the figure as a picture; gives a data URL. */
  readonly imageOf: (format: 'png' | 'svg') => Promise<string>;
}

/** A figure's downloads: pictures, and its numbers. */
export function FigureDownloads({ spec, fileName, imageOf }: Props) {
  const saveImage = async (format: 'png' | 'svg') =>
    saveBlob(blobOfDataUrl(await imageOf(format)), `${fileName}.${format}`);
  const saveCsv = () => {
    const header = spec.table.columns.map((column) => column.label);
    const rows = spec.table.rows.map((row) => spec.table.columns.map((column) => row[column.key]));
    saveBlob(
      new Blob([spreadsheetSafeCsv(header, rows)], { type: 'text/csv;charset=utf-8' }),
      `${fileName}.csv`,
    );
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="md" aria-label={`Download “${spec.title}”`}>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void saveImage('png')}>PNG image</Menu.Item>
        <Menu.Item onClick={() => void saveImage('svg')}>SVG image</Menu.Item>
        <Menu.Item onClick={saveCsv}>CSV of the numbers</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** `fetch` of a data URL would break the page's own content policy, so it is taken apart by hand. */
function blobOfDataUrl(url: string): Blob {
  const comma = url.indexOf(',');
  const head = url.slice(5, comma);
  const body = url.slice(comma + 1);
  if (!head.endsWith(';base64')) return new Blob([decodeURIComponent(body)], { type: head });
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(0, -';base64'.length) });
}
