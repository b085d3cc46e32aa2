import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { createProgress } from './progress.ts';

const NOW = Date.parse('2026-01-15T12:00:00Z');

describe('the command line', () => {
  it('replays the open-data city into the local server for ever unless told otherwise', () => {
    expect(parseArguments(['replay'], NOW)).toEqual({
      kind: 'replay',
      replay: {
        url: 'http://127.0.0.1:8080',
        city: 'metrics-config/open-data',
        from: undefined,
        speed: undefined,
        anchor: undefined,
        loop: true,
        only: undefined,
        withParent: false,
      },
    });
  });

  it('takes every option', () => {
    const argv = [
      'replay',
      '--url',
      'https://city.example',
      '--city',
      'x',
      '--from',
      '12h',
      '--speed',
      '60',
      '--anchor',
      '2026-01-14',
      '--no-loop',
      '--only',
      'a, b',
      '--with-parent',
    ];
    expect(parseArguments(argv, NOW)).toEqual({
      kind: 'replay',
      replay: { url: 'https://city.example', city: 'x', from: NOW - 12 * 3_600_000, speed: 60, anchor: '2026-01-14', loop: false, only: ['a', 'b'], withParent: true },
    });
    expect(parseArguments(['replay', '--from', '2026-01-14T00:00:00Z'], NOW)).toMatchObject({ replay: { from: Date.parse('2026-01-14T00:00:00Z') } });
  });

  it.each([
    [[], 'say what to do'],
    [['seed'], 'unknown command: seed'],
    [['replay', 'twice'], 'unknown command'],
    [['replay', '--speed', '1'], '--speed must be a number greater than 1'],
    [['replay', '--speed', 'fast'], '--speed must be'],
    [['replay', '--from', 'yesterday'], '--from must be a duration'],
    [['replay', '--anchor', '2026-02-30'], '--anchor must be a date'],
    [['replay', '--url', 'nowhere'], '--url must be an http address'],
    [['replay', '--loop', '--no-loop'], 'exclude each other'],
    [['replay', '--sped', '2'], '--sped'],
  ])('refuses %j', (argv, message) => {
    const parsed = parseArguments(argv, NOW);
    expect(parsed.kind === 'wrong' ? parsed.message : parsed).toContain(message);
  });

  it('offers help', () => {
    expect(parseArguments(['--help'], NOW)).toEqual({ kind: 'help' });
  });
});

describe('progress', () => {
  const draw = (isTTY: boolean, steps: number[]): string => {
    let drawn = '';
    const progress = createProgress({ isTTY, columns: 60, write: (text) => (drawn += text) });
    for (const done of steps) progress(done, 40_000);
    return drawn;
  };

  it('is one line for each quarter where there is no terminal', () => {
    expect(draw(false, [100, 10_000, 11_000, 30_000, 40_000])).toBe(
      '25 % sent, 10,000 of 40,000 readings\n75 % sent, 30,000 of 40,000 readings\n100 % sent, 40,000 of 40,000 readings\n',
    );
  });

  it('is a bar that redraws itself within its line on a terminal', () => {
    const drawn = draw(true, [20_000, 40_000]);
    expect(drawn).toContain('\r[###############---------------] 50 %  20,000 of 40,000 re');
    expect(drawn.split('\r').every((line) => line.length <= 70)).toBe(true);
    expect(drawn.endsWith('\n')).toBe(true);
  });
});
