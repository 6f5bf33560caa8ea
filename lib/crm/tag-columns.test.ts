import { describe, expect, it } from 'vitest';
import { cleanTagName, tagColumns } from './tag-columns';

describe('cleanTagName', () => {
  it.each([
    ['Learning Lab 05', 'learning_lab_05'],
    ['learning-lab_05', 'learning_lab_05'],
    ['LL_05', 'll_05'],
    ['LearningLab05', 'learning_lab05'],
    ['AWSWebinar', 'aws_webinar'],
    ['  AWS  Webinar!! ', 'aws_webinar'],
    ["Ann's Tag", 'anns_tag'],
    ['50% off', '50_percent_off'],
    ['#1', 'number_1'],
    ['Çilek Über', 'cilek_uber'],
    ['日本 語', '日本_語'],
    ['🎉', 'x'],
    ['', 'x'],
  ])('cleans %j to %j', (tag, name) => {
    expect(cleanTagName(tag)).toBe(name);
  });
});

describe('tagColumns', () => {
  it('orders columns by name, whatever the order of the tags', () => {
    const expected = [
      { name: 'tag_a', tag: 'a' },
      { name: 'tag_b_c', tag: 'b c' },
    ];
    expect(tagColumns(['b c', 'a'])).toEqual(expected);
    expect(tagColumns(['a', 'b c'])).toEqual(expected);
    expect(tagColumns([])).toEqual([]);
  });

  it('tells colliding names apart, also from a name that ends in a number itself', () => {
    expect(tagColumns(['webinar', 'Webinar', 'Webinar 2', 'WEBINAR'])).toEqual([
      { name: 'tag_webinar', tag: 'WEBINAR' },
      { name: 'tag_webinar_2', tag: 'Webinar' },
      { name: 'tag_webinar_2_2', tag: 'Webinar 2' },
      { name: 'tag_webinar_3', tag: 'webinar' },
    ]);
  });
});
