/**
 * The kinds of station of the district: how many there are and which indicators are expected at each. The order is the order of
 * stations.csv. What stands where is in the `sites-*.ts` files.
 */
export interface StationType {
  prefix: string;
  count: number;
  kind: 'station' | 'facility';
  /** The indicators expected at the station with this number, from 1. */
  expects: (number: number) => readonly string[];
}

type Row = readonly [prefix: string, count: number, indicators: string];
const always = (kind: StationType['kind'], rows: readonly Row[]): StationType[] =>
  rows.map(([prefix, count, indicators]) => ({ prefix, count, kind, expects: () => indicators.split(' ') }));

const level = 'river_level_over_warning river_level_rise_rate';
const plainStations = always('station', [
  ['rain', 44, 'rain_1h rain_3h rain_6h rain_12h'],
  ['river', 24, level],
  ['canal', 20, level],
  ['reservoir', 6, 'reservoir_level_over_limit reservoir_seepage'],
  ['tide', 3, 'tide_level_over_warning'],
  ['catchment', 8, 'soil_saturation flash_flood_risk_index'],
  ['pond', 80, 'pond_depth'],
  ['underpass', 36, 'underpass_depth'],
  ['weather', 30, 'air_temp wind_mean wind_gust humidity visibility temp_drop_24h snow_12h'],
  ['air', 26, 'aqi pm25 pm10 o3_1h no2_1h'],
  ['voc', 8, 'voc_tvoc'],
  ['wq', 20, 'water_quality_do water_quality_nh3n water_quality_tp water_quality_codmn'],
  ['noise', 36, 'noise_leq'],
  ['radiation', 4, 'radiation_dose'],
  ['tunnel', 8, 'tunnel_co'],
  ['bridge', 10, 'bridge_vibration bridge_deflection_ratio vessel_yaw_bridge'],
  ['metro', 30, 'metro_entries metro_stranded'],
  ['substation', 30, 'substation_load_rate voltage_dev'],
  ['gas', 34, 'gas_pressure_dev gas_leak_lel'],
  ['water', 40, 'water_pressure'],
  ['hydrant', 30, 'fire_hydrant_pressure'],
  ['venue', 20, 'crowd_density crowd_count_ratio'],
  ['site', 28, 'crane_overload_alarms pit_displacement_rate pit_displacement_ratio high_formwork_ratio site_dust_pm10 workers_no_helmet'],
  ['gate', 10, 'forest_gate_unscanned'],
  ['pest', 10, 'pest_trap_count'],
  ['farm', 12, 'soil_moisture_crop'],
  ['waterway', 6, 'vessels_at_sea vessels_not_sheltered vessel_ais_lost fishing_ban_violations sand_mining_hits'],
  ['lock', 2, 'lock_queue'],
  ['wetland', 4, 'wetland_level'],
  ['lake', 2, 'blue_algae_density'],
  ['subsidence', 12, 'land_subsidence_rate'],
  ['slope', 14, 'landslide_displacement'],
]);

const mixedStations: readonly StationType[] = [
  // The first half of the manholes also stands on the foul sewers.
  { prefix: 'manhole', count: 60, kind: 'station', expects: (number) => (number <= 30 ? ['manhole_level', 'sewer_level'] : ['manhole_level']) },
  // 1–24 on expressways, 25–48 on the bus corridors, the last eight at the district's entries, where lorries are weighed.
  {
    prefix: 'road',
    count: 96,
    kind: 'station',
    expects: (number) => ['road_speed_ratio', ...(number <= 24 ? ['road_surface_temp'] : number <= 48 ? ['bus_speed'] : number > 88 ? ['truck_overload_rate'] : [])],
  },
];

const facilities = always('facility', [
  ['pump', 36, 'pump_station_running_ratio'],
  ['hub', 4, 'taxi_wait_min rail_hub_flow'],
  ['airport', 1, 'airport_ontime_rate airport_cancelled airport_stranded'],
  ['waterplant', 5, 'water_turbidity water_chlorine'],
  ['sewage', 4, 'sewage_plant_load sewage_effluent_cod sewage_effluent_nh3n'],
  ['hospital', 14, 'er_visits er_fever_share hospital_bed_occupancy icu_bed_occupancy hospital_parking_occupancy ili_rate'],
  ['school', 24, 'school_absence_rate school_fever_cluster school_canteen_hits'],
  ['elder', 12, 'elder_home_occupancy'],
  ['hall', 6, 'egov_hall_wait_min'],
  ['port', 2, 'port_throughput'],
  ['incinerator', 2, 'incinerator_capacity'],
]);

export const stationTypes: readonly StationType[] = [...plainStations, ...mixedStations, ...facilities];
