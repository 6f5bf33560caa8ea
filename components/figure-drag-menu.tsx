'use client';

import { ActionIcon, Menu } from '@mantine/core';
import { IconLassoPolygon, IconMarquee2, IconZoomIn } from '@tabler/icons-react';

/** What dragging across a figure does. */
export type DragMode = 'select' | 'lasso' | 'zoom';

const MODES = [
  { mode: 'select', label: 'Select in a box', Icon: IconMarquee2 },
  { mode: 'lasso', label: 'Select with a lasso', Icon: IconLassoPolygon },
  { mode: 'zoom', label: 'Zoom; double-click goes back', Icon: IconZoomIn },
] as const;

/** Chooses what dragging across a figure does. */
export function FigureDragMenu({
  mode,
  onChange,
}: {
  readonly mode: DragMode;
  readonly onChange: (mode: DragMode) => void;
}) {
  const { Icon, label } = MODES.find((one) => one.mode === mode) ?? MODES[0];
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="md" aria-label={`Dragging across the chart: ${label}`}>
          <Icon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Dragging across the chart</Menu.Label>
        {MODES.map((one) => (
          <Menu.Item
            key={one.mode}
            leftSection={<one.Icon size={14} />}
            fw={one.mode === mode ? 600 : undefined}
            onClick={() => onChange(one.mode)}
          >
            {one.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
