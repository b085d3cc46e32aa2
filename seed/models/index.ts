/** All model tables. An indicator is in one of them at most; one that is in none gets the default model. */
import type { ModelTable } from '../simulator/model.ts';
import { antifraudModels } from './antifraud.ts';
import { commsModels } from './comms.ts';
import { constructionModels } from './construction.ts';
import { deliveryModels } from './delivery.ts';
import { ecologyModels } from './ecology.ts';
import { economyModels } from './economy.ts';
import { eduHealthModels } from './edu-health.ts';
import { egovModels } from './egov.ts';
import { elderlyModels } from './elderly.ts';
import { environmentModels } from './environment.ts';
import { fireModels } from './fire.ts';
import { floodModels } from './flood.ts';
import { forestryAgriModels } from './forestry-agri.ts';
import { gasModels } from './gas.ts';
import { hotlineModels } from './hotline.ts';
import { marketModels } from './market.ts';
import { medicalModels } from './medical.ts';
import { opinionModels } from './opinion.ts';
import { policeModels } from './police.ts';
import { populationModels } from './population.ts';
import { portModels } from './port.ts';
import { powerModels } from './power.ts';
import { trafficModels } from './traffic.ts';
import { transitModels } from './transit.ts';
import { urbanMgmtModels } from './urban-mgmt.ts';
import { waterModels } from './water.ts';
import { weatherModels } from './weather.ts';

export const models: ModelTable = {
  ...antifraudModels,
  ...commsModels,
  ...constructionModels,
  ...deliveryModels,
  ...ecologyModels,
  ...economyModels,
  ...eduHealthModels,
  ...egovModels,
  ...elderlyModels,
  ...environmentModels,
  ...fireModels,
  ...floodModels,
  ...forestryAgriModels,
  ...gasModels,
  ...hotlineModels,
  ...marketModels,
  ...medicalModels,
  ...opinionModels,
  ...policeModels,
  ...populationModels,
  ...portModels,
  ...powerModels,
  ...trafficModels,
  ...transitModels,
  ...urbanMgmtModels,
  ...waterModels,
  ...weatherModels,
};
