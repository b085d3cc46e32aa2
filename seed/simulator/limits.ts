/** The mildest limit of an indicator's rules: what a value nobody modelled must stay clear of. */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';

export interface MildLimit {
  value: number;
  /** `away`: from a set point, on both sides. */
  direction: 'above' | 'below' | 'away';
}

export function mildestLimit({ rules }: Catalogue, indicator: string): MildLimit | null {
  for (const rule of rules.values()) {
    if (!('scope' in rule) || rule.scope.indicator !== indicator) continue;
    const value = 'limits' in rule && rule.kind !== 'stale' ? rule.limits[0]?.value : undefined;
    if (value === undefined) continue;
    if (rule.kind === 'threshold') return { value, direction: rule.direction };
    if (rule.kind === 'deviation') return { value, direction: 'away' };
  }
  return null;
}
