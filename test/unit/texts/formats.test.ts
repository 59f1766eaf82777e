import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysUntil, formatDate, formatElapsed, formatNumber, formatTime } from '#shared/texts/formats.ts';

describe('dates and numbers', () => {
  it('are written as in Kazakhstan', () => {
    const instant = new Date(2027, 10, 30, 9, 5);
    expect(formatDate(instant)).toBe('30.11.2027');
    expect(formatTime(instant)).toBe('09:05');
    expect(formatNumber(1095)).toBe('1\u202f095');
    expect(formatNumber(373)).toBe('373');
  });

  it('count the days left by the calendar', () => {
    const today = new Date(2026, 10, 22, 23, 59);
    expect(daysUntil(new Date(2027, 10, 30, 0, 1), today)).toBe(373);
    expect(daysUntil(new Date(2026, 10, 22, 0, 0), today)).toBe(0);
    expect(daysUntil(new Date(2026, 10, 23, 0, 0), today)).toBe(1);
    expect(daysUntil(new Date(2026, 10, 21, 23, 59), today)).toBe(-1);
  });

  it('count one day more for a day later, whatever the hour', () => {
    const day = fc.date({ min: new Date(2020, 0, 1), max: new Date(2040, 0, 1), noInvalidDate: true });
    fc.assert(
      fc.property(day, day, (end, today) => {
        const next = new Date(end.getFullYear(), end.getMonth(), end.getDate() + 1, end.getHours());
        expect(daysUntil(next, today)).toBe(daysUntil(end, today) + 1);
      }),
    );
  });

  it('show elapsed time in minutes and seconds, with hours when there are any', () => {
    expect(formatElapsed(7_900)).toBe('0:07');
    expect(formatElapsed(750_000)).toBe('12:30');
    expect(formatElapsed(3_723_000)).toBe('1:02:03');
    expect(formatElapsed(-5)).toBe('0:00');
  });
});
