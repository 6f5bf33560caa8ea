import { describe, expect, it } from 'vitest';
import { cellText } from './figure-spec';

describe('cellText', () => {
  it('writes each kind of value', () => {
    expect(cellText(19919, 'count')).toBe('19,919');
    expect(cellText(0.0483, 'share')).toBe('4.83 %');
    expect(cellText(0.81234, 'score')).toBe('0.8123');
    expect(cellText(0.05123456789, 'number')).toBe('0.0512346');
    expect(cellText(1e-9, 'number')).toBe('1e-9');
    expect(cellText(256, 'number')).toBe('256');
    expect(cellText('lossguide', 'number')).toBe('lossguide');
    expect(cellText('us', 'text')).toBe('us');
    expect(cellText(7, 'text')).toBe('7');
    expect(cellText(null, 'share')).toBe('');
  });
});
