/** The environment, read once. A bad value stops the start, named; nothing else in the server looks at `process.env`. */
import path from 'node:path';
import { z } from 'zod';
import { OperatorError } from './contract/index.ts';

export interface Config {
  host: string;
  port: number;
  /** The embedded database and files of all cities. */
  dataDirectory: string;
  /** An external PostgreSQL; null: the embedded one. */
  databaseUrl: string | null;
  configDirectory: string;
  adminPassword: string | undefined;
  ingestToken: string | undefined;
  /** Whose X-Forwarded-For is believed: what express calls `trust proxy`. */
  trustProxy: boolean | number | string;
  /** Backups by themselves; null: none. */
  backup: { directory: string; everyMs: number; keep: number } | null;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** Set but empty is taken as not set: that is what shells and unit files leave behind. */
const given = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema);

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `12h`, `1d`, to milliseconds. */
const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhd]$/, 'must be a duration such as 30m, 12h or 1d')
  .transform((text) => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0));

const environmentSchema = z.object({
  PORT: given(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535')
      .default(8080),
  ),
  HOST: given(z.string().default('127.0.0.1')),
  DATA_DIR: given(z.string().default('.data')),
  DATABASE_URL: given(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
      .optional(),
  ),
  CONFIG_DIR: given(z.string().default('metrics-config/linjiang')),
  ADMIN_PASSWORD: given(z.string().min(8, 'must have at least 8 characters').optional()),
  INGEST_TOKEN: given(z.string().min(16, 'must have at least 16 characters').regex(/^\S+$/, 'must not contain spaces').optional()),
  TRUST_PROXY: given(
    z
      .string()
      .transform((text) => (text === 'true' ? true : text === 'false' ? false : /^\d+$/.test(text) ? Number(text) : text))
      .default(false),
  ),
  BACKUP_DIR: given(z.string().optional()),
  BACKUP_EVERY: given(durationSchema.default(86_400_000)),
  BACKUP_KEEP: given(
    z
      .string()
      .regex(/^[1-9]\d{0,3}$/, 'must be a number from 1 to 9999')
      .transform(Number)
      .default(7),
  ),
  REDIS_URL: given(z.undefined({ error: 'is not supported yet: run one server' })),
  LOG_LEVEL: given(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'must be one of fatal, error, warn, info, debug, trace, silent' }).default('info'),
  ),
});

/** @throws OperatorError that names every bad variable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, workingDirectory: string): Config {
  const result = environmentSchema.safeParse(environment);
  if (!result.success) throw new OperatorError(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'));
  const env = result.data;
  return {
    host: env.HOST,
    port: env.PORT,
    dataDirectory: path.resolve(workingDirectory, env.DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    configDirectory: path.resolve(workingDirectory, env.CONFIG_DIR),
    adminPassword: env.ADMIN_PASSWORD,
    ingestToken: env.INGEST_TOKEN,
    trustProxy: env.TRUST_PROXY,
    backup: env.BACKUP_DIR === undefined ? null : { directory: path.resolve(workingDirectory, env.BACKUP_DIR), everyMs: env.BACKUP_EVERY, keep: env.BACKUP_KEEP },
    logLevel: env.LOG_LEVEL,
  };
}
