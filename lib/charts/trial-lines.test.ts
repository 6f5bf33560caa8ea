import { describe, expect, it } from 'vitest';
import { LIGHT_CHART_THEME } from './chart-theme';
import { trialLines } from './trial-lines';

describe('trialLines', () => {
  const lines = [1, 2, 3].map((trialNumber) => ({
    trialNumber,
    x: [0, 1],
    y: [trialNumber, trialNumber + 0.5],
    texts: ['from', 'to'],
  }));
  const style = { name: 'Pruned', color: '#6c727a', dash: 'dot', width: 1, rank: 4 } as const;
  const options = { style, theme: LIGHT_CHART_THEME, hovertemplate: 'h' };

  it('puts gaps between lines, which stand for no trial', () => {
    const { back, front } = trialLines(lines, { ...options, selected: new Set(), links: 'gaps' });
    expect(back).toEqual([]);
    expect(front).toEqual([
      {
        type: 'scatter',
        mode: 'lines',
        name: 'Pruned',
        legendgroup: 'Pruned',
        legendrank: 4,
        x: [0, 1, null, 0, 1, null, 0, 1],
        y: [1, 1.5, null, 2, 2.5, null, 3, 3.5],
        customdata: [1, 1, null, 2, 2, null, 3, 3],
        text: ['from', 'to', '', 'from', 'to', '', 'from', 'to'],
        line: { color: '#6c727a', width: 1, dash: 'dot' },
        hovertemplate: 'h',
      },
    ]);
  });

  it('goes there and back without gaps', () => {
    const { front } = trialLines(lines, { ...options, selected: new Set(), links: 'there_and_back' });
    expect(front).toMatchObject([
      {
        x: [0, 1, 1, 0, 0, 1],
        y: [1, 1.5, 2.5, 2, 3, 3.5],
        customdata: [1, 1, 2, 2, 3, 3],
        text: ['from', 'to', 'to', 'from', 'from', 'to'],
      },
    ]);
  });

  it('parts the selected from the others, in one legend entry', () => {
    const { back, front } = trialLines(lines, { ...options, selected: new Set([2]), links: 'gaps' });
    expect(back).toMatchObject([
      {
        customdata: [1, 1, null, 3, 3],
        line: { color: '#6c727a', width: 1, dash: 'dot' },
        showlegend: false,
      },
    ]);
    // The receding colour would not tell the selected one from the others.
    expect(front).toMatchObject([{ customdata: [2, 2], line: { color: '#1b1d21', width: 3, dash: 'dot' } }]);
  });

  it('draws nothing for nothing', () => {
    const none = trialLines([], { ...options, selected: new Set([1]), links: 'gaps' });
    expect(none).toEqual({ back: [], front: [] });
    const { back, front } = trialLines(lines, { ...options, selected: new Set([99]), links: 'gaps' });
    expect(front).toEqual([]);
    expect(back).toMatchObject([{ showlegend: true }]);
  });
});
