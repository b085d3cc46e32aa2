-- Readings before this were ended by retention: a reading that comes for that time now is too old, whatever the horizon says, for its
-- bucket could no longer be made from all its readings.
alter table store add column raw_floor timestamptz;
