import { describe, expect, it } from 'vitest';
import { tableToCsv } from '../../../../src/components/charts/client/downloads.ts';

describe('tableToCsv', () => {
  it('quotes what would break a row', () => {
    expect(
      tableToCsv([
        ['a', 'b,c'],
        ['2,493', 'say "x"'],
        ['1', '2\n3'],
      ]),
    ).toBe('\uFEFFa,"b,c"\r\n"2,493","say ""x"""\r\n1,"2\n3"\r\n');
  });
});
