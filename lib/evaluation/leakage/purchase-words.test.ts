import { describe, expect, it } from 'vitest';
import { purchaseWord } from './purchase-words';

describe('purchaseWord', () => {
  it.each([
    ['tag_customer', 'customer'],
    ['tag_customers_2023', 'customer'],
    ['VIP lounge', 'vip'],
    ['tag_purchased_pro', 'purchase'],
    ['Paid plan', 'paid'],
    ['order-confirmation', 'order'],
    ['tag_learning_lab_05', null],
    ['tag_webinar_no_degree', null],
    ['tag_salesforce_webinar', null],
    ['tag_border_crossing', null],
    ['', null],
  ])('reads %s', (tag, word) => {
    expect(purchaseWord(tag)).toBe(word);
  });
});
