import { describe, expect, it } from 'vitest';
import { plotText } from './plot-text';

describe('plotText', () => {
  it('leaves plain names as they are', () => {
    expect(['us', 'tag_lab_01', 'Ñ & co'].map(plotText)).toEqual(['us', 'tag_lab_01', 'Ñ &amp; co']);
  });

  it('takes the meaning from tags, entities and templates', () => {
    expect(plotText('<a href="javascript:x">&lt;b</a>%{z}')).toBe(
      '&lt;a href="javascript:x"&gt;&amp;lt;b&lt;/a&gt;%\u200b{z}',
    );
  });
});
