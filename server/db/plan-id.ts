/**
 * A name for the way in which PostgreSQL runs a statement: a digest of the plan's shape (nodes, relations, indexes), without costs and
 * parameters. The same statement that was fast yesterday and is slow today shows here whether its plan has changed.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Join Type'?: string;
  Plans?: PlanNode[];
}

/** Partitions of one relation count as the relation: a plan does not change because a month began. */
const withoutMonth = (name: string | undefined): string => (name ?? '').replace(/_\d{4}_\d\d(?=_|$)/, '').replace(/^_hyper_\d+_\d+_/, '');

function shapeOf(node: PlanNode): string {
  const children = [...new Set((node.Plans ?? []).map(shapeOf))];
  return `${node['Node Type']}(${withoutMonth(node['Relation Name'])},${withoutMonth(node['Index Name'])},${node['Join Type'] ?? ''},[${children.join(';')}])`;
}

/** 12 hex digits; null for what cannot be explained (or when the store is away). Never rejects. */
export async function planId(pool: pg.Pool, text: string, values: unknown[] | undefined): Promise<string | null> {
  if (!/^\s*(select|with|insert|update|delete)\b/i.test(text)) return null;
  try {
    const { rows } = await pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${text}`, values);
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    return plan === undefined ? null : createHash('sha256').update(shapeOf(plan)).digest('hex').slice(0, 12);
  } catch {
    return null;
  }
}
