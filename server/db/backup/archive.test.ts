import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArchive, type Member, readArchive } from './archive.ts';

let home: string;
beforeAll(() => {
  home = fs.mkdtempSync(path.join(tmpdir(), 'city-vitals-archive-'));
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const at = (name: string): string => path.join(home, name);
const files = (prefix: string): string[] =>
  fs
    .readdirSync(home)
    .filter((name) => name.startsWith(prefix))
    .sort();
const members: Member[] = [
  { name: 'manifest.json', bytes: Buffer.from('{}') },
  { name: 'a/000001.copy', bytes: Buffer.alloc(3_000_000, 'row\n') },
  { name: 'empty', bytes: Buffer.alloc(0) },
  { name: '读数/000001.copy', bytes: Buffer.from('\0\xff\n', 'latin1') },
];

async function write(name: string, content: readonly Member[] = members): Promise<number> {
  const archive = await createArchive(at(name));
  for (const member of content) await archive.add(member);
  return archive.finish();
}

async function read(name: string): Promise<Member[]> {
  const found: Member[] = [];
  for await (const member of readArchive(at(name))) found.push(member);
  return found;
}

describe('an archive', () => {
  it('gives back its members, in order, byte for byte', async () => {
    const size = await write('whole.tar.gz');
    const found = await read('whole.tar.gz');
    expect(found.map(({ name }) => name)).toEqual(members.map(({ name }) => name));
    expect(found.map(({ bytes }, i) => bytes.equals((members[i] as Member).bytes))).toEqual(members.map(() => true));
    expect(fs.statSync(at('whole.tar.gz'))).toMatchObject({ size, mode: 0o100600 });
    expect(files('whole')).toEqual(['whole.tar.gz']);
  });

  it('is not there before it is whole, and leaves nothing when it is given up', async () => {
    const archive = await createArchive(at('half.tar.gz'));
    await archive.add(members[1] as Member);
    expect(files('half')).toEqual(['half.tar.gz.part']);
    await archive.discard();
    expect(files('half')).toEqual([]);
  });

  it('writes over no file, whether it was there before or came meanwhile', async () => {
    fs.writeFileSync(at('first.tar.gz'), 'good');
    await expect(createArchive(at('first.tar.gz'))).rejects.toThrow('first.tar.gz exists');
    const late = await createArchive(at('late.tar.gz'));
    fs.writeFileSync(at('late.tar.gz'), 'good');
    await expect(late.finish()).rejects.toThrow('late.tar.gz exists');
    await late.discard();
    expect(fs.readFileSync(at('late.tar.gz'), 'utf8')).toBe('good');
    expect(files('late')).toEqual(['late.tar.gz']);
  });

  it('is written by one at a time', async () => {
    const one = await createArchive(at('busy.tar.gz'));
    await expect(createArchive(at('busy.tar.gz'))).rejects.toThrow('another backup is writing it');
    await one.discard();
  });

  it('that is cut short is told, wherever the cut is', async () => {
    await write('cut.tar.gz');
    const whole = fs.readFileSync(at('cut.tar.gz'));
    for (let length = 0; length < whole.length; length += Math.ceil(whole.length / 20)) {
      fs.writeFileSync(at('cut.tar.gz'), whole.subarray(0, length));
      await expect(read('cut.tar.gz'), `${length} of ${whole.length}`).rejects.toThrow('damaged or cut short');
    }
    fs.writeFileSync(at('cut.tar.gz'), whole.subarray(0, -1));
    await expect(read('cut.tar.gz')).rejects.toThrow('damaged or cut short');
  });

  it('may be left in the middle by whoever reads it', async () => {
    await write('left.tar.gz');
    for await (const { name } of readArchive(at('left.tar.gz'))) {
      expect(name).toBe('manifest.json');
      break;
    }
  });
});

it('passes on what its reader throws, unchanged', async () => {
  await write('thrown.tar.gz');
  await expect(
    (async () => {
      for await (const member of readArchive(at('thrown.tar.gz'))) throw new TypeError(member.name);
    })(),
  ).rejects.toThrow(new TypeError('manifest.json'));
});
