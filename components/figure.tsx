'use client';

import {
  ActionIcon,
  Group,
  Menu,
  SegmentedControl,
  Skeleton,
  Text,
  useComputedColorScheme,
} from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import { type ChartTheme, DARK_CHART_THEME, LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import { cellText, type FigureSpec } from '@/lib/charts/figure-spec';
import { spreadsheetSafeCsv } from '@/lib/core/csv';
import { DataTable } from './data-table';

type Plotly = typeof import('plotly.js-cartesian-dist-min');

/** One load shared by all figures; forgotten when it failed, so that the next figure tries again. */
let plotlyLoad: Promise<Plotly> | null = null;
function loadedPlotly(): Promise<Plotly> {
  plotlyLoad ??= import('plotly.js-cartesian-dist-min').then((module) =>
    'default' in module ? (module.default as Plotly) : module,
  );
  plotlyLoad.catch(() => {
    plotlyLoad = null;
  });
  return plotlyLoad;
}

/** Load Plotly before the first figure needs it, while the page waits for something else anyway. */
export function preloadPlotly(): void {
  // A failure shows, with its reason, in the first figure.
  loadedPlotly().catch(() => undefined);
}

/** Figures are drawn one after the other, each in a task of its own, so that the page answers in between. */
let lastDraw: Promise<unknown> = Promise.resolve();
function inTurn<T>(draw: () => Promise<T>): Promise<T> {
  const drawn = lastDraw.then(nextTask).then(draw);
  // The figure that drew shows the failure; the next one only waits for its turn.
  lastDraw = drawn.catch(() => undefined);
  return drawn;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

interface Props {
  /** Builds the figure for a theme; must be stable between draws that show the same data. */
  readonly build: (theme: ChartTheme) => FigureSpec;
  /** Name of downloaded files, without an ending. */
  readonly fileName: string;
  readonly heightPx?: number;
}

/** A chart with its sentence, its table and its downloads. The only importer of Plotly. */
export function Figure({ build, fileName, heightPx = 300 }: Props) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const spec = useMemo(
    () => build(scheme === 'dark' ? DARK_CHART_THEME : LIGHT_CHART_THEME),
    [build, scheme],
  );
  const [view, setView] = useState('chart');
  return (
    <figure style={{ margin: 0, minWidth: 0 }} aria-label={spec.title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm" mb={6}>
        <Text component="figcaption" size="sm" fw={500}>
          {spec.title}
        </Text>
        <Group gap={6} wrap="nowrap">
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
            aria-label="Show as"
          />
          <DownloadMenu spec={spec} fileName={fileName} heightPx={heightPx} />
        </Group>
      </Group>
      {view === 'chart' ? (
        <Plot spec={spec} heightPx={heightPx} />
      ) : (
        <DataTable
          columns={spec.table.columns}
          rows={spec.table.rows.map((row) =>
            Object.fromEntries(
              spec.table.columns.map(({ key, format }) => [key, cellText(row[key] ?? null, format)]),
            ),
          )}
          maxHeightPx={heightPx}
          label={spec.title}
        />
      )}
    </figure>
  );
}

function Plot({ spec, heightPx }: { readonly spec: FigureSpec; readonly heightPx: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [isDrawn, setIsDrawn] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let isLeft = false;
    let plotly: Plotly | null = null;
    let drawnWidth = 0;
    const resized = new ResizeObserver(() => {
      // Observing begins with a call for the width that was drawn.
      if (!plotly || element.offsetWidth === 0 || element.offsetWidth === drawnWidth) return;
      drawnWidth = element.offsetWidth;
      void plotly.Plots.resize(element);
    });
    void (async () => {
      try {
        const loaded = await loadedPlotly();
        plotly = loaded;
        await inTurn(async () => {
          if (isLeft) return;
          drawnWidth = element.offsetWidth;
          await loaded.react(
            element,
            [...spec.data],
            { ...spec.layout, height: heightPx, autosize: true },
            { displayModeBar: false, responsive: false },
          );
        });
        if (isLeft) return;
        resized.observe(element);
        setIsDrawn(true);
      } catch (cause) {
        console.error('A chart could not be drawn', cause);
        setError(cause instanceof Error ? cause.message : String(cause));
      }
    })();
    return () => {
      isLeft = true;
      resized.disconnect();
    };
  }, [spec, heightPx]);
  useEffect(() => {
    const element = box.current;
    return () => {
      if (element) void plotlyLoad?.then((plotly) => plotly.purge(element));
    };
  }, []);
  if (error) {
    return (
      <Text size="sm" c="dimmed" role="alert">
        The chart could not be drawn ({error}). Its numbers are under “Table”.
      </Text>
    );
  }
  return (
    // Contained: what is measured while drawing lays out this box, not the page.
    <div style={{ position: 'relative', height: heightPx, contain: 'strict' }}>
      {!isDrawn && <Skeleton height={heightPx} radius="sm" style={{ position: 'absolute', inset: 0 }} />}
      <div ref={box} style={{ height: heightPx }} data-figure={isDrawn ? 'drawn' : 'loading'} />
    </div>
  );
}

function DownloadMenu({
  spec,
  fileName,
  heightPx,
}: {
  readonly spec: FigureSpec;
  readonly fileName: string;
  readonly heightPx: number;
}) {
  const saveImage = async (format: 'png' | 'svg') => {
    const plotly = await loadedPlotly();
    const url = await plotly.toImage(
      {
        data: [...spec.data],
        layout: {
          ...spec.layout,
          title: { text: spec.title, font: { size: 13 } },
          margin: { ...spec.layout.margin, t: 48 },
        },
      },
      { format, width: 1000, height: Math.max(heightPx, 420), scale: format === 'png' ? 2 : 1 },
    );
    saveBlob(blobOfDataUrl(url), `${fileName}.${format}`);
  };
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
