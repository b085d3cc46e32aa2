/** The marked events, the newest first; choosing one sets the chart to its time. */
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useCity } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { formatTime, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { type ChartWindow, isSameWindow, windowOfEvent } from './chart-window.ts';
import { useEvents } from './use-events.ts';

export interface EventMenuProps {
  window: ChartWindow;
  onWindow(window: ChartWindow): void;
}

/** Nothing in a city without events, but where a link leads into the past: then the time it names. */
export function EventMenu({ window, onWindow }: EventMenuProps) {
  const { t } = useTranslation('readings');
  const lang = useLanguage();
  const events = useEvents();
  const zone = useCity().data?.timeZone ?? 'UTC';
  const now = useLive((state) => Math.floor(state.now / 60_000) * 60_000);
  const shown = window.kind === 'fixed' ? events.find((event) => isSameWindow(window, windowOfEvent(event))) : undefined;
  const span = ({ from, to }: { from: number; to: number }): string => `${formatTime(from, { zone, now })} – ${formatTime(to, { zone, now })}`;
  if (events.length === 0) return window.kind === 'fixed' ? <span className="chart-fixed">{span(window)}</span> : null;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="chart-events" data-fixed={window.kind === 'fixed'}>
        <span className="truncate">{window.kind === 'fixed' ? (shown === undefined ? span(window) : nameIn(shown.name, lang)) : t('events')}</span>
        <span aria-hidden="true">▾</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu chart-event-menu scroll" align="end" sideOffset={4}>
          <DropdownMenu.Label className="menu-label">{t('eventsLong')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={shown === undefined ? '' : String(shown.id)}>
            {events.map((event) => (
              <DropdownMenu.RadioItem key={event.id} value={String(event.id)} className="menu-item chart-event" onSelect={() => onWindow(windowOfEvent(event))}>
                <span>{nameIn(event.name, lang)}</span>
                <span className="chart-event-time">{span(event)}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
